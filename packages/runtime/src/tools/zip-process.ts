import { constants, createReadStream, createWriteStream } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { preferAsOomVictim } from '../supervisor/parent-watch.ts'

// Entry of a process that packs one archive: the list comes by standard input, the zip goes to standard output.
// An end with a code other than 0 means that what was written is not whole. Once its parent is gone the next write
// fails, so it needs no watch, whose thread would keep it from ending.

export interface ZipStreamOrder {
  /** Absolute paths, and their names at the top of the archive. */
  entries: readonly { path: string; name: string }[]
}

/** What of archiver's archive is used here. */
type Packer = NodeJS.ReadableStream & {
  append(source: NodeJS.ReadableStream | string, entry: { name: string; date?: Date; type?: string }): void
  on(event: 'entry' | 'error', listener: (error: Error) => void): void
  finalize(): Promise<void>
}

preferAsOomVictim()

const order = JSON.parse(await text(process.stdin)) as ZipStreamOrder
// @ts-expect-error -- archiver ships no declarations
const { ZipArchive } = (await import('archiver')) as { ZipArchive: new (options: object) => Packer }
// Level 1: most of what is stored is packed already, and the line is slower than the disk.
const archive = new ZipArchive({ zlib: { level: 1 } })
const written = pipeline(archive, createWriteStream('', { fd: 1 }))
await Promise.all([written, pack()])
process.exit(0)

async function pack(): Promise<void> {
  for (const entry of order.entries) await add(entry.path, entry.name)
  await archive.finalize()
}

async function add(path: string, name: string): Promise<void> {
  const found = await lstat(path)
  if (found.isFile()) return addFile(path, name)
  if (!found.isDirectory()) return
  const children = (await readdir(path)).sort()
  if (children.length === 0) await appended('', { name: `${name}/`, date: found.mtime, type: 'directory' })
  for (const child of children) await add(join(path, child), name === '' ? child : `${name}/${child}`)
}

/** One after the other: a thousand open files would be too many. */
async function addFile(path: string, name: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const { mtime } = await handle.stat()
  await appended(createReadStream('', { fd: handle }), { name, date: mtime })
}

function appended(...args: Parameters<Packer['append']>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  archive.once('entry', () => resolve())
  archive.once('error', reject)
  archive.append(...args)
  return promise.finally(() => archive.removeListener('error', reject))
}
