import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, isId } from '@m3m/base'
import { storageErrors } from '@m3m/data'
import type { ToolPool } from '@m3m/runtime'
import type { AgentFiles } from './stored-files.ts'
import { httpErrors } from '../http/http.errors.ts'

/** Sides in pixels; null for one of them: as the other one makes it. */
export interface PreviewShape {
  readonly width: number | null
  readonly height: number | null
  /** `cover` fills both sides and cuts what stands out; `inside` keeps the whole picture and enlarges nothing. */
  readonly fit: 'cover' | 'inside'
  /** What a cover keeps; default the middle. */
  readonly from?: 'top' | 'bottom'
}

/** Small pictures of the pictures in a storage. */
export interface Previews {
  /**
   * Absolute path of a WebP.
   * @throws STORAGE_*; HTTP_NO_PREVIEW for what is no picture or too long; IMAGE_*, TOOL_*
   */
  of(projectId: string, path: string, shape: PreviewShape): Promise<string>
}

/** Photographs have a fifth of it; it is read whole. */
const MAX_SOURCE_BYTES = 50 * 1024 * 1024
/** A picture of the most pixels takes about 2 s on a core that is shared. */
const DEADLINE_MS = 20_000
/** Files whose preview (or refusal) is known without asking a helper again. */
const MAX_KNOWN = 20_000
/** A preview has 1 to 60 KB. Beyond this many the oldest quarter of a project's goes. */
const MAX_KEPT = 20_000
const LOOK_EVERY = 500
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|tiff|svg\+xml)$/

export interface PreviewsDeps {
  storagePath: string
  files: AgentFiles
  /** Its own pool: a folder of pictures must not hold up the saving of code. */
  tools: ToolPool
}

/**
 * Pictures are decoded in helper processes only (any file may call itself one). What a file led to is
 * remembered by what the file is (inode, size, time), so that a bomb is tried once.
 */
export function createPreviews({ storagePath, files, tools }: PreviewsDeps): Previews {
  const known = new Map<string, Promise<string>>()
  const made = new Map<string, number>()
  const folderOf = (projectId: string) => join(storagePath, projectId, 'previews')

  async function make(projectId: string, path: string, shape: PreviewShape): Promise<string> {
    const storage = files.of(projectId)
    const type = await storage.mimeType(path)
    if (!PICTURE.test(type)) throw httpErrors.HTTP_NO_PREVIEW({ path, type })
    const folder = folderOf(projectId)
    const input = { source: await storage.locate(path), folder, ...shape }
    const { output } = await tools.run('preview', input, { deadlineMs: DEADLINE_MS })
    const count = (made.get(projectId) ?? 0) + 1
    made.set(projectId, count)
    if (count % LOOK_EVERY === 1) await forgetOldest(folder)
    return join(folder, output.file)
  }

  return {
    async of(projectId, path, shape) {
      if (!isId(projectId)) throw new Error('a project id is 24 hex digits')
      const storage = files.of(projectId)
      const entry = await storage.stat(path)
      if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path })
      if (entry.kind !== 'file') throw storageErrors.STORAGE_KIND({ path, wanted: 'file' })
      if (entry.sizeBytes > MAX_SOURCE_BYTES)
        throw storageErrors.STORAGE_TOO_LARGE({ path, limit: MAX_SOURCE_BYTES })
      const { ino, mtimeMs } = await stat(await storage.locate(path))
      const { width, height, fit, from = '' } = shape
      const form = `${fit}${from} ${width}x${height}`
      const key = `${projectId} ${ino} ${entry.sizeBytes} ${mtimeMs} ${form} ${entry.name}`
      const before = known.get(key)
      // Somebody may have emptied the folder of previews; then it is made again.
      if (before && (await before.then(isFile, () => true))) return before
      const now = make(projectId, path, shape)
      remember(known, key, now)
      // The agent's own trouble (too busy, ending) is no word about the picture.
      now.catch((error: unknown) => {
        if (!(error instanceof AppError) || error.blame !== 'user') known.delete(key)
      })
      return now
    },
  }
}

function remember<T>(known: Map<string, T>, key: string, value: T): void {
  known.delete(key)
  known.set(key, value)
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!)
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

async function forgetOldest(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= MAX_KEPT) return
  const times = await Promise.all(
    names.map(async (name) => ({
      name,
      at: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  )
  times.sort((a, b) => a.at - b.at)
  for (const { name } of times.slice(0, MAX_KEPT / 4)) await rm(join(folder, name), { force: true })
}
