import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, readdir } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ToolJob } from '../tool-job.ts'
import { archiveErrors } from './archive.errors.ts'

/** Absolute paths, and the names they get at the top of the archive. */
export interface ZipInput {
  entries: { path: string; name: string }[]
  to: string
}

/** What of archiver's archive is used here. */
type Packer = NodeJS.ReadableStream & {
  append(source: NodeJS.ReadableStream, entry: { name: string }): void
  finalize(): Promise<void>
}

/** Packs files and folders. Links stay out. */
export const zip: ToolJob<ZipInput, { bytes: number }> = async ({ entries, to }) => {
  // @ts-expect-error -- archiver ships no declarations
  const { ZipArchive } = (await import('archiver')) as { ZipArchive: new (options: object) => Packer }
  const archive = new ZipArchive({ zlib: { level: 6 } })
  const written = pipeline(archive, createWriteStream(to, { flags: 'wx', mode: 0o600 }))
  for (const entry of entries) {
    for (const file of await filesBelow(entry.path, entry.name))
      archive.append(createReadStream(file.path), { name: file.name })
  }
  await Promise.all([archive.finalize(), written])
  return { output: { bytes: (await lstat(to)).size } }
}

async function filesBelow(path: string, name: string): Promise<{ path: string; name: string }[]> {
  const stats = await lstat(path)
  if (stats.isFile()) return [{ path, name: name || 'file' }]
  if (!stats.isDirectory()) return []
  const found: { path: string; name: string }[] = []
  for (const child of (await readdir(path)).sort()) {
    found.push(...(await filesBelow(join(path, child), name ? `${name}/${child}` : child)))
  }
  return found
}

export interface UnzipInput {
  from: string
  /** An empty folder. */
  to: string
  maxBytes: number
  maxEntries: number
}

/** Unpacks into an empty folder: every path inside it, no links, within the bounds. */
export const unzip: ToolJob<UnzipInput, { bytes: number; entries: number }> = async (input) => {
  const total = { bytes: 0, entries: 0 }
  const count = (bytes: number): void => {
    total.bytes += bytes
    if (total.bytes <= input.maxBytes) return
    throw archiveErrors.ARCHIVE_TOO_LARGE({ what: 'bytes', limit: input.maxBytes })
  }
  try {
    const archive = await openArchive(input.from)
    for (;;) {
      const entry = await nextEntry(archive)
      if (!entry) return { output: total }
      total.entries += 1
      if (total.entries > input.maxEntries) {
        throw archiveErrors.ARCHIVE_TOO_LARGE({ what: 'entries', limit: input.maxEntries })
      }
      await unpack(archive, entry, input.to, count)
    }
  } catch (error) {
    throw asArchiveError(error as Error)
  }
}

async function openArchive(path: string): Promise<Archive> {
  // @ts-expect-error -- yauzl ships no declarations
  const yauzl = (await import('yauzl')) as { open: OpenArchive }
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: true }
    yauzl.open(path, options, (error, archive) => (error ? reject(error) : resolve(archive)))
  })
}

function nextEntry(archive: Archive): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    archive.removeAllListeners()
    archive.once('error', reject)
    archive.once('end', () => resolve(null))
    archive.once('entry', (entry: Entry) => resolve(entry))
    archive.readEntry()
  })
}

interface Entry {
  fileName: string
  externalFileAttributes: number
  generalPurposeBitFlag: number
}
type OpenArchive = (
  path: string,
  options: object,
  done: (error: Error | null, archive: Archive) => void,
) => void
interface Archive extends NodeJS.EventEmitter {
  readEntry(): void
  openReadStream(entry: never, done: (error: Error | null, stream: NodeJS.ReadableStream) => void): void
}

const SYMBOLIC_LINK = 0o120000
const FILE_TYPE = 0o170000

async function unpack(
  archive: Archive,
  entry: Entry,
  to: string,
  count: (bytes: number) => void,
): Promise<void> {
  const name = entry.fileName
  const path = normalize(join(to, name))
  const isLink = ((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK
  // oxlint-disable-next-line no-control-regex
  const isStrange =
    name.startsWith('/') ||
    name.includes('\\') ||
    /[\u0000-\u001f]/.test(name) ||
    name.split('/').includes('..')
  if (isStrange || isLink || !path.startsWith(`${to}/`) || name.length > 1_024) {
    throw archiveErrors.ARCHIVE_PATH_INVALID({ path: name.slice(0, 200) })
  }
  if (name.endsWith('/')) return void (await mkdir(path, { recursive: true, mode: 0o700 }))
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
    archive.openReadStream(entry as never, (error, opened) => (error ? reject(error) : resolve(opened))),
  )
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        count(chunk.length)
        done(null, chunk)
      } catch (error) {
        done(error as Error)
      }
    },
  })
  await pipeline(stream, counting, createWriteStream(path, { mode: 0o600 }))
}

function asArchiveError(error: Error): Error {
  return 'code' in error && String(error.code).startsWith('ARCHIVE_')
    ? error
    : archiveErrors.ARCHIVE_INVALID({ reason: error.message.replace(/\.+$/, '') }, { cause: error })
}
