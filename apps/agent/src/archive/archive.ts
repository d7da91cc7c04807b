import { createHash, type Hash } from 'node:crypto'
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises'
import { dirname, join, posix, relative, sep } from 'node:path'
import { Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { extract, pack, type Header, type Pack } from 'tar-stream'

/** One file of an archive: a text, or a file on the disk. */
export type ArchiveEntry = { name: string } & ({ text: string } | { file: string })

/** The last entry: `sha256sum -c SHA256SUMS` checks an unpacked archive by it. An archive that was cut has none. */
const SUMS = 'SHA256SUMS'
const BROKEN_PROMISE = 'a file in it is not what its sums promise'

export interface WriteOptions {
  /** Told of the content's bytes as they go in. */
  onBytes?: (bytes: number) => void
  signal?: AbortSignal
}

/**
 * Writes a `.tar.zst` (readable with `tar --zstd`), mode 0600.
 * Entries come in the order given; a file that was removed meanwhile is left out.
 */
export async function writeArchive(
  file: string,
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
  options: WriteOptions = {},
): Promise<void> {
  await packArchive(createWriteStream(file, { flags: 'wx', mode: 0o600 }), entries, options)
}

/** The same into any stream, as the entries come. */
export async function packArchive(
  to: Writable,
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
  { onBytes = () => {}, signal }: WriteOptions = {},
): Promise<void> {
  const tar = pack()
  const written = pipeline(tar, createZstdCompress(), to, { ...(signal && { signal }) })
  // Its failure is told by the await below; while entries are added it must not be unheard.
  written.catch(() => {})
  const sums: string[] = []
  try {
    for await (const entry of entries) {
      signal?.throwIfAborted()
      const sum = await add(tar, entry, onBytes)
      if (sum !== null) sums.push(sumLine(sum, entry.name))
    }
    tar.entry({ name: SUMS, mode: 0o600 }, sums.join(''))
    tar.finalize()
  } catch (error) {
    tar.destroy(error as Error)
    await written.catch(() => {})
    throw error
  }
  await written
}

/** The SHA-256 of what was added; `null` when the file is gone. */
async function add(tar: Pack, entry: ArchiveEntry, onBytes: (bytes: number) => void): Promise<string | null> {
  if ('text' in entry) {
    tar.entry({ name: entry.name, mtime: new Date(), mode: 0o600 }, entry.text)
    onBytes(Buffer.byteLength(entry.text))
    return createHash('sha256').update(entry.text).digest('hex')
  }
  const handle = await openFile(entry.file)
  if (!handle) return null
  try {
    return await addFile(tar, handle, { name: entry.name, onBytes })
  } finally {
    await handle.close()
  }
}

async function addFile(
  tar: Pack,
  handle: FileHandle,
  { name, onBytes }: { name: string; onBytes: (bytes: number) => void },
): Promise<string> {
  const { size, mtime } = await handle.stat()
  const hash = createHash('sha256')
  const header = { name, mtime, mode: 0o600, size }
  if (size === 0) tar.entry(header, '')
  else {
    // A file that grows meanwhile is cut at the size that was announced.
    const source = handle.createReadStream({ start: 0, end: size - 1, autoClose: false })
    await pipeline(source, hashing(hash, onBytes), tar.entry(header))
  }
  return hash.digest('hex')
}

/** `null` when it is gone; a link is one, too: it could lead anywhere. */
async function openFile(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP') return null
    throw error
  }
}

/** Every plain file below a folder, by its path with `/`; links are passed over: they could lead anywhere. */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries)
    if (entry.isFile()) yield relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')
}

export interface ReadOptions {
  /** Where entries are written to. */
  folder: string
  /** Entries it refuses are read and compared, and not written. Default: all are. */
  keep?: (name: string) => boolean
  /** Most bytes it may unpack to, the heads of its entries included: a bomb is stopped there. Default: no bound. */
  maxBytes?: number
  /** Told how many bytes of the file have been read so far. */
  onPackedBytes?: (bytes: number) => void
  signal?: AbortSignal | undefined
}

/**
 * Reads an archive whole. Every name is checked before anything of it is written: relative, without `..`, plain
 * files only, none twice. What was read is compared with the sums at its end.
 *
 * @returns the names of the entries, the sums left out
 * @throws Error with the reason when the archive is damaged, cut, larger than allowed, or holds something else
 */
export async function readArchive(file: string, options: ReadOptions): Promise<string[]> {
  const { folder, keep = () => true, maxBytes = Infinity, onPackedBytes, signal } = options
  const names = new Set<string>()
  const sums: string[] = []
  let given: string | null = null
  const reader = extract()
  const source = createReadStream(file)
  if (onPackedBytes) source.on('data', () => onPackedBytes(source.bytesRead))
  const fed = pipeline(source, createZstdDecompress(), bounded(maxBytes), reader, {
    ...(signal && { signal }),
  })
  // Its failure reaches the loop below through the reader.
  fed.catch(() => {})
  for await (const entry of reader) {
    const { name } = entry.header
    if (given !== null) throw new Error(`the entry "${name}" comes after the sums`)
    if (name === SUMS) given = await sumsOf(entry, sums.join(''))
    else {
      checkName(entry.header, names)
      const target = keep(name) ? join(folder, ...name.split('/')) : null
      sums.push(sumLine(await take(entry, target), name))
      names.add(name)
    }
  }
  await fed
  if (given === null) throw new Error('its end is missing')
  if (given !== sums.join('')) throw new Error(BROKEN_PROMISE)
  return [...names]
}

/** Writes an entry to its place, or nowhere, and gives its SHA-256. */
async function take(entry: AsyncIterable<unknown>, target: string | null): Promise<string> {
  const hash = createHash('sha256')
  const through = hashing(hash)
  if (target === null) await pipeline(entry, through.resume())
  else {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await pipeline(entry, through, createWriteStream(target, { flags: 'wx', mode: 0o600 }))
  }
  return hash.digest('hex')
}

function bounded(maxBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= maxBytes) done(null, chunk)
      else done(new Error(`it unpacks to more than the ${maxBytes} bytes it may`))
    },
  })
}

function hashing(hash: Hash, onBytes: (bytes: number) => void = () => {}): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
}

/** What is to be expected is known by then: anything of another length is wrong, and not read into memory. */
async function sumsOf(entry: AsyncIterable<unknown> & { header: Header }, expected: string): Promise<string> {
  if (entry.header.size !== Buffer.byteLength(expected)) throw new Error(BROKEN_PROMISE)
  const chunks: Uint8Array[] = []
  for await (const chunk of entry) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks).toString('utf8')
}

/** As sha256sum writes it: a name with a backslash or a line break is escaped, and the line says so. */
function sumLine(sum: string, name: string): string {
  if (!/[\\\n]/.test(name)) return `${sum}  ${name}\n`
  return `\\${sum}  ${name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`
}

function checkName({ name, type }: Header, known: ReadonlySet<string>): void {
  const isPlain = type === 'file' || type === 'contiguous-file'
  const isConfined =
    name !== '' &&
    !posix.isAbsolute(name) &&
    !name.includes('\0') &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (!isPlain || !isConfined) throw new Error(`the entry "${name}" has no place in it`)
  if (known.has(name)) throw new Error(`the entry "${name}" comes twice`)
}
