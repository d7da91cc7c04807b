import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { pack, type Header } from 'tar-stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readArchive, writeArchive } from './archive.ts'

let folder: string
let file: string
let out: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-archive-'))
  file = join(folder, 'a.tar.zst')
  out = join(folder, 'out')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = (options: Partial<Parameters<typeof readArchive>[1]> = {}) =>
  readArchive(file, { folder: out, ...options })

/** An archive as somebody else may make one. */
async function foreign(entries: (Partial<Header> & { name: string; text?: string })[]): Promise<void> {
  const tar = pack()
  for (const { text = '', ...header } of entries) tar.entry(header as Header, text)
  tar.finalize()
  await pipeline(tar, createZstdCompress(), createWriteStream(file))
}

test('what goes in comes out, whatever its name', async () => {
  const names = ['зелёный чай.txt', 'back\\slash', 'two\nlines', 'deep/er/file']
  const path = join(folder, 'bytes')
  writeFileSync(path, Buffer.alloc(300_000, 'm3m'))
  await writeArchive(file, [...names.map((name) => ({ name, text: name })), { name: 'big', file: path }])
  expect(await read()).toEqual([...names, 'big'])
  for (const name of names) expect(readFileSync(join(out, name), 'utf8')).toBe(name)
  expect(readFileSync(join(out, 'big'))).toEqual(readFileSync(path))
})

test('a file that is gone and a link that leads elsewhere are left out', async () => {
  symlinkSync('/etc/hostname', join(folder, 'link'))
  await writeArchive(file, [
    { name: 'gone', file: join(folder, 'none') },
    { name: 'link', file: join(folder, 'link') },
    { name: 'here', text: '' },
  ])
  expect(await read()).toEqual(['here'])
})

test('entries that are not wanted are compared and not written', async () => {
  await writeArchive(file, [
    { name: 'a', text: '1' },
    { name: 'b', text: '2' },
  ])
  await read({ keep: (name) => name === 'b' })
  expect(readdirSync(out)).toEqual(['b'])
})

test('an end that was asked for leaves no whole archive', async () => {
  const ending = new AbortController()
  const entries = function* () {
    yield { name: 'a', text: '1' }
    ending.abort(new Error('enough'))
    yield { name: 'b', text: '2' }
  }
  await expect(writeArchive(file, entries(), { signal: ending.signal })).rejects.toThrow('enough')
  await expect(read()).rejects.toThrow()
})

test('a cut archive is refused, wherever it is cut', async () => {
  await writeArchive(file, [{ name: 'a', text: 'x'.repeat(5_000) }])
  const { length } = readFileSync(file)
  for (const size of [0, 10, length >> 1, length - 1]) {
    truncateSync(file, size)
    rmSync(out, { recursive: true, force: true })
    await expect(read(), String(size)).rejects.toThrow()
  }
})

test.each<[string, (Partial<Header> & { name: string; text?: string })[], RegExp]>([
  ['leads out', [{ name: '../out.txt' }], /no place/],
  ['leads out in the middle', [{ name: 'a/../../out.txt' }], /no place/],
  ['is absolute', [{ name: '/tmp/out.txt' }], /no place/],
  ['is a link', [{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }], /no place/],
  ['is a device', [{ name: 'null', type: 'character-device' }], /no place/],
  ['comes twice', [{ name: 'a' }, { name: 'a' }], /twice/],
  ['has no sums after it', [{ name: 'a' }], /end is missing/],
  ['comes after the sums', [{ name: 'SHA256SUMS' }, { name: 'a' }], /after the sums/],
  [
    'is another than its sum says',
    [
      { name: 'a', text: '1' },
      { name: 'SHA256SUMS', text: `${'0'.repeat(64)}  a\n` },
    ],
    /promise/,
  ],
])('an entry that %s is refused', async (_name, entries, reason) => {
  mkdirSync(out)
  await foreign(entries)
  await expect(read()).rejects.toThrow(reason)
  expect(readdirSync(folder).sort()).toEqual(['a.tar.zst', 'out'])
})

test('a bomb is stopped where it was to end', async () => {
  const zeros = join(folder, 'zeros')
  writeFileSync(zeros, '')
  truncateSync(zeros, 50_000_000)
  await writeArchive(file, [{ name: 'zeros', file: zeros }])
  expect(readFileSync(file).length).toBeLessThan(50_000)
  await expect(read({ maxBytes: 1_000_000 })).rejects.toThrow('more than the 1000000 bytes')
  expect(readFileSync(join(out, 'zeros')).length).toBeLessThanOrEqual(1_000_000)
})

test('sums that are a bomb are not read', async () => {
  const size = 2 ** 30
  const tar = pack()
  const packed = pipeline(tar, createZstdCompress(), createWriteStream(file))
  const zeros = Array<Buffer>(2 ** 10).fill(Buffer.alloc(2 ** 20))
  await pipeline(Readable.from(zeros), tar.entry({ name: 'SHA256SUMS', size }))
  tar.finalize()
  await packed
  expect(readFileSync(file).length).toBeLessThan(200_000)
  const before = process.memoryUsage().rss
  await expect(read()).rejects.toThrow('sums promise')
  expect(process.memoryUsage().rss - before).toBeLessThan(size / 4)
})
