import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, mkdir, readdir } from 'node:fs/promises'
import { dirname, join, posix, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import { extract, pack, type Header, type Pack } from 'tar-stream'

/** One file of an archive: a text, or a file on the disk. */
export type ArchiveEntry = { name: string } & ({ text: string } | { file: string })

/** Writes a `.tar.zst` (readable with `tar --zstd`), mode 0600. Entries come in the order given. */
export async function writeArchive(
  file: string,
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
): Promise<void> {
  const tar = pack()
  const written = pipeline(tar, createZstdCompress(), createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  try {
    for await (const entry of entries) await add(tar, entry)
    tar.finalize()
  } catch (error) {
    tar.destroy(error as Error)
    await written.catch(() => {})
    throw error
  }
  await written
}

async function add(tar: Pack, entry: ArchiveEntry): Promise<void> {
  const { size, mtime } = 'text' in entry ? { size: 0, mtime: new Date() } : await lstat(entry.file)
  const header = { name: entry.name, mtime, mode: 0o600 }
  if ('text' in entry || size === 0) tar.entry(header, 'text' in entry ? entry.text : '')
  // A file that grows meanwhile is cut at the size that was announced.
  else await pipeline(createReadStream(entry.file, { end: size - 1 }), tar.entry({ ...header, size }))
}

/** Every plain file below a folder, by its path with `/`; links are passed over: they could lead anywhere. */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of entries)
    if (entry.isFile())
      yield join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/')
}

/**
 * Reads an archive into a folder. Every name is checked before anything of it is written: relative, without `..`,
 * plain files only.
 *
 * @returns the names of the entries
 * @throws Error with the reason when the archive is damaged or holds something else
 */
export async function readArchive(file: string, folder: string): Promise<string[]> {
  const names: string[] = []
  const reader = extract()
  const fed = pipeline(createReadStream(file), createZstdDecompress(), reader)
  // Its failure reaches the loop below through the reader.
  fed.catch(() => {})
  for await (const entry of reader) {
    const name = checkedName(entry.header)
    const target = join(folder, ...name.split('/'))
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await pipeline(entry, createWriteStream(target, { flags: 'wx', mode: 0o600 }))
    names.push(name)
  }
  await fed
  return names
}

function checkedName({ name, type }: Header): string {
  const isPlain = type === 'file' || type === 'contiguous-file'
  const isConfined =
    name !== '' &&
    !posix.isAbsolute(name) &&
    !name.includes('\\') &&
    !name.includes('\0') &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  if (!isPlain || !isConfined) throw new Error(`the entry "${name}" has no place in a backup`)
  return name
}
