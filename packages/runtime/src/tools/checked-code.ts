// What the stripper found right, kept on disk: the same code is checked when it is saved, released and started, and an agent
// that starts with a hundred services needs no helper process for code that has not changed since.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, type Logger } from '@m3m/base'
import { STRIP_VERSION, type CodeFile, type StripResult, type StrippedFile } from './jobs/strip.ts'

/** Sets of files that are kept; the oldest quarter goes when there are more. A start reads one, a release writes one. */
const MAX_ENTRIES = 500
/** Of one set, in UTF-16 units: larger ones are checked each time. Code that is no TypeScript is not written again and takes none. */
const MAX_ENTRY_CHARS = 256 * 1024
/** Times are looked at in days, so that a start does not write. */
const DAY_MS = 86_400_000

/** A file without what its source says already. */
type KeptFile = Omit<StrippedFile, 'path' | 'code'> & { code?: string }

/** Whoever makes it ends it: what is being written is written then. */
export interface CheckedCode extends AsyncDisposable {
  /** What `check` once answered for these files, or answers now. What is wrong is never kept. */
  strip(files: readonly CodeFile[]): Promise<StripResult>
}

/**
 * Remembers by SHA-256 of all paths and texts, the version of the stripper and of Node. A folder that cannot be read or
 * written costs the time to check, and never a start; what is torn or changed is checked again.
 *
 * @param folder made when needed. As trusted as the code itself: only the agent's own files are beside it.
 */
export function createCheckedCode(
  folder: string,
  check: (files: readonly CodeFile[]) => Promise<StripResult>,
  logger: Logger,
): CheckedCode {
  let sweeping: Promise<void> | null = null
  const writing = new Set<Promise<void>>()

  async function keep(key: string, text: string): Promise<void> {
    const file = join(folder, key)
    const part = `${file}.${process.pid}.part`
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(part, text, { mode: 0o600 })
      await rename(part, file)
      await (sweeping ??= sweep(folder).finally(() => (sweeping = null)))
    } catch (error) {
      await rm(part, { force: true }).catch(() => {})
      logger.debug('checked code was not kept', { error: messageOf(error) })
    }
  }

  /** A start does not wait for it. */
  function keepLater(key: string, text: string): void {
    const kept = keep(key, text).finally(() => writing.delete(kept))
    writing.add(kept)
  }

  return {
    async strip(files) {
      const key = keyOf(files)
      const kept = await find(join(folder, key), files)
      if (kept) return { files: kept }
      const result = await check(files)
      if ('files' in result) {
        const text = JSON.stringify(result.files.map((file, index) => without(file, files[index]!)))
        if (text.length <= MAX_ENTRY_CHARS) keepLater(key, text)
      }
      return result
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(writing)
    },
  }
}

function keyOf(files: readonly CodeFile[]): string {
  const hash = createHash('sha256').update(JSON.stringify([STRIP_VERSION, process.versions.node]))
  for (const { path, code } of files) hash.update(JSON.stringify([path, code.length])).update(code)
  return hash.digest('hex')
}

function without({ path: _, code, ...rest }: StrippedFile, source: CodeFile): KeptFile {
  return code === source.code ? rest : { ...rest, code }
}

async function find(file: string, sources: readonly CodeFile[]): Promise<StrippedFile[] | null> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isKept(kept) || kept.length !== sources.length) return null
    void touch(file)
    return kept.map((each, index) => ({ ...sources[index]!, ...each }))
  } catch {
    return null
  }
}

/** A disk that failed in the middle leaves no such list: it is not JSON, or cut off. */
function isKept(value: unknown): value is KeptFile[] {
  const isFile = (each: unknown) =>
    typeof each === 'object' &&
    each !== null &&
    ['script', 'module', 'data'].includes((each as KeptFile).kind) &&
    ['string', 'undefined'].includes(typeof (each as KeptFile).code)
  return Array.isArray(value) && value.every(isFile)
}

/** What is used stays: its time is that of the last use, to a day. */
async function touch(file: string): Promise<void> {
  const now = Date.now()
  const used = await stat(file).catch(() => null)
  if (used && Math.abs(now - used.mtimeMs) > DAY_MS)
    await utimes(file, now / 1000, now / 1000).catch(() => {})
}

async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= MAX_ENTRIES) return
  const aged = await Promise.all(
    names.map(async (name) => ({
      file: join(folder, name),
      usedAtMs: await stat(join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  )
  const oldest = aged
    .toSorted((a, b) => a.usedAtMs - b.usedAtMs)
    .slice(0, names.length - (MAX_ENTRIES * 3) / 4)
  for (const { file } of oldest) await rm(file, { force: true })
}
