import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@m3m/base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compileGlob } from './glob.ts'
import { mimeTypeOf } from './mime-type.ts'
import { createProjectStorage, type ProjectStorage } from './project-storage.ts'
import { newStoragePath, storagePath } from './storage-path.ts'

let folder: string
let storage: ProjectStorage
const clock = new ManualClock()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm3m-storage-'))
  storage = createProjectStorage({ folder: join(folder, 'a'.repeat(24)), clock, quotaBytes: 1000 })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const text = async (path: string) => Buffer.from(await storage.read(path)).toString()

describe('a path', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['a//b/./c/', 'a/b/c'],
    ['cafe\u0301.txt', 'caf\u00e9.txt'],
    ['.hidden/..name/a...b', '.hidden/..name/a...b'],
    ['console.log', 'console.log'],
    ['2026-01-31T12:00:00.json', '2026-01-31T12:00:00.json'],
    ['\u0633\u0644\u0627\u0645\u200f.txt', '\u0633\u0644\u0627\u0645\u200f.txt'],
    ['%2e%2e/x', '%2e%2e/x'],
  ])('%j becomes %j', (input, path) => {
    expect(storagePath(input)).toBe(path)
  })

  it.each([
    '..',
    '../x',
    'a/../../x',
    'a/..',
    '/etc/passwd',
    '//host/share',
    'C:\\x',
    'a\\..\\b',
    'a\0b',
    '\ud800',
    'con',
    'NUL.txt',
    'a/Com1',
    'aux.tar.gz',
    'lpt9',
    'name.',
    'name ',
    'a. /b',
    'x'.repeat(256),
    'é'.repeat(200),
    'a/'.repeat(40),
    Array.from({ length: 30 }, () => 'y'.repeat(40)).join('/'),
    7,
    null,
    undefined,
    {},
    ['a'],
  ])('%j is refused', (input) => {
    expect(() => storagePath(input)).toThrow(expect.objectContaining({ code: 'STORAGE_PATH', status: 400 }))
  })

  // The fourth reads as "photo exe.jpg".
  it.each(['a\nb', 'a\u007f', 'a\u0085b', 'photo \u202egpj.exe', 'a\u2066b', 'a/b\u2028/c'])(
    '%j is no path of anything new',
    async (input) => {
      const refused = { code: 'STORAGE_PATH', status: 400 }
      expect(() => newStoragePath(input)).toThrow(expect.objectContaining(refused))
      await storage.write('plain.txt', 'x')
      const attempts = [
        storage.write(input, 'x'),
        storage.append(input, 'x'),
        storage.mkdir(input),
        storage.copy('plain.txt', input),
        storage.move('plain.txt', input),
        storage.read(input),
        storage.remove(input),
      ]
      for (const attempt of attempts) await expect(attempt).rejects.toMatchObject(refused)
      expect((await storage.list('')).map(({ name }) => name)).toEqual(['plain.txt'])
    },
  )
})

describe('the storage of a project', () => {
  it('lets what has a deceptive name already be read, changed, renamed and removed, and makes nothing like it', async () => {
    const odd = 'photo \u202egpj.exe'
    const below = join(folder, 'a'.repeat(24), 'storage', 'dir\u2066x')
    await mkdir(below, { recursive: true })
    await writeFile(join(below, odd), 'hello')
    const path = `dir\u2066x/${odd}`
    expect((await storage.walk('')).map((entry) => entry.path)).toEqual(['dir\u2066x', path])
    expect(await text(path)).toBe('hello')
    expect(await storage.mimeType(path)).toBe('text/plain')
    await storage.write(path, 'hello you')
    await expect(storage.write('dir\u2066x/other \u202e.txt', 'x')).rejects.toMatchObject({
      code: 'STORAGE_PATH',
    })
    await expect(storage.copy(path, `copy of ${odd}`)).rejects.toMatchObject({ code: 'STORAGE_PATH' })
    await storage.copy(path, 'honest.txt')
    expect(await text('honest.txt')).toBe('hello you')
    await storage.move(path, 'dir\u2066x/photo.exe')
    await storage.move('dir\u2066x', 'dir')
    expect(await text('dir/photo.exe')).toBe('hello you')
    await mkdir(join(folder, 'a'.repeat(24), 'storage', 'gone\u202e'))
    await storage.remove('gone\u202e')
    expect((await storage.list('')).map(({ name }) => name)).toEqual(['dir', 'honest.txt'])
  })

  it('writes, reads, lists, copies, moves and removes', async () => {
    expect(await storage.list('')).toEqual([])
    expect(await storage.write('notes/a.txt', 'hello')).toBe(5)
    await storage.append('notes/a.txt', ' you')
    await storage.append('b.txt', new Uint8Array([66]))
    await storage.mkdir('empty/inner')
    expect(await text('notes/a.txt')).toBe('hello you')
    expect((await storage.list('/')).map(({ name, kind, sizeBytes }) => [name, kind, sizeBytes])).toEqual([
      ['empty', 'folder', 0],
      ['notes', 'folder', 0],
      ['b.txt', 'file', 1],
    ])
    await storage.copy('notes', 'copies/notes')
    await storage.move('notes/a.txt', 'renamed.txt')
    expect((await storage.walk('')).map((entry) => entry.path)).toEqual([
      'copies',
      'copies/notes',
      'copies/notes/a.txt',
      'empty',
      'empty/inner',
      'notes',
      'b.txt',
      'renamed.txt',
    ])
    await storage.remove('copies')
    await storage.remove('copies')
    expect(await storage.stat('copies')).toBeNull()
    expect(await storage.usedBytes()).toBe(10)
    const chunks: Buffer[] = []
    for await (const chunk of await storage.stream('renamed.txt', { start: 2, end: 4 }))
      chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toBe('llo')
  })

  it('says what is wrong, by code', async () => {
    await storage.write('a/b.txt', 'x')
    const refused = (work: Promise<unknown>) => expect(work).rejects
    await refused(storage.read('none')).toMatchObject({ code: 'STORAGE_NOT_FOUND', status: 404 })
    await refused(storage.read('a')).toMatchObject({ code: 'STORAGE_KIND' })
    await refused(storage.list('a/b.txt')).toMatchObject({ code: 'STORAGE_KIND' })
    await refused(storage.write('a', 'x')).toMatchObject({ code: 'STORAGE_KIND' })
    await refused(storage.write('a/b.txt/c', 'x')).toMatchObject({ status: 409 })
    await refused(storage.write('a/b.txt', 'y', { overwrite: false })).toMatchObject({
      code: 'STORAGE_EXISTS',
    })
    await refused(storage.write('c', 'xyz', { maxBytes: 2 })).toMatchObject({
      code: 'STORAGE_TOO_LARGE',
      status: 413,
    })
    await refused(storage.read('a/b.txt', 0)).toMatchObject({ code: 'STORAGE_TOO_LARGE' })
    await refused(storage.move('a', 'a/b')).toMatchObject({ code: 'STORAGE_PATH' })
    await refused(storage.copy('a/b.txt', 'a/b.txt')).toMatchObject({ code: 'STORAGE_PATH' })
    await refused(storage.move('', 'x')).toMatchObject({ code: 'STORAGE_PATH' })
    for (const root of ['', '/', '.', './'])
      await refused(storage.remove(root)).toMatchObject({ code: 'STORAGE_PATH' })
    expect(await text('a/b.txt')).toBe('x')
  })

  it('follows no symbolic link, neither to a file, nor through a folder, nor in a copy', async () => {
    const outside = join(folder, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'secret'), 'secret')
    await storage.write('in/x', 'x')
    const inside = join(folder, 'a'.repeat(24), 'storage', 'in')
    await symlink(join(outside, 'secret'), join(inside, 'file'))
    await symlink(outside, join(inside, 'folder'))
    await symlink(join(folder, 'nowhere'), join(inside, 'dangling'))
    for (const path of ['in/file', 'in/folder/secret', 'in/folder', 'in/dangling']) {
      await expect(storage.read(path)).rejects.toMatchObject({ code: 'STORAGE_PATH' })
      await expect(storage.write(path, 'x')).rejects.toMatchObject({ code: 'STORAGE_PATH' })
      await expect(storage.append(path, 'x')).rejects.toMatchObject({ code: 'STORAGE_PATH' })
      await expect(storage.remove(path)).rejects.toMatchObject({ code: 'STORAGE_PATH' })
    }
    expect((await storage.walk('')).map((entry) => entry.path)).toEqual(['in', 'in/x'])
    await storage.copy('in', 'copy')
    expect((await storage.walk('copy')).map((entry) => entry.path)).toEqual(['copy/x'])
    await storage.remove('in')
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret')
    expect(await readdir(join(folder, 'a'.repeat(24), 'incoming'))).toEqual([])
  })

  it('keeps its neighbour whose folder begins alike out of reach', async () => {
    await mkdir(join(folder, `${'a'.repeat(24)}`, 'storage-other'), { recursive: true })
    await writeFile(join(folder, 'a'.repeat(24), 'storage-other', 'x'), 'x')
    await expect(storage.read('../storage-other/x')).rejects.toMatchObject({ code: 'STORAGE_PATH' })
    await expect(storage.read('-other/x')).rejects.toMatchObject({ code: 'STORAGE_NOT_FOUND' })
  })

  it('has one file for both spellings of a name', async () => {
    await storage.write('cafe\u0301.txt', 'one')
    await storage.write('caf\u00e9.txt', 'two')
    expect(await storage.list('')).toHaveLength(1)
    expect(await text('cafe\u0301.txt')).toBe('two')
  })

  it('holds the quota, also against a stream that does not end, and leaves what was there', async () => {
    await storage.write('a', 'x'.repeat(900))
    await expect(storage.write('b', 'x'.repeat(101))).rejects.toMatchObject({
      code: 'STORAGE_QUOTA',
      status: 413,
    })
    await storage.write('a', 'y'.repeat(1000))
    await expect(storage.append('a', 'z')).rejects.toMatchObject({ code: 'STORAGE_QUOTA' })
    await expect(storage.copy('a', 'c')).rejects.toMatchObject({ code: 'STORAGE_QUOTA' })
    async function* endless() {
      for (;;) yield new Uint8Array(64)
    }
    await expect(storage.write('a', endless())).rejects.toMatchObject({ code: 'STORAGE_QUOTA' })
    expect(await text('a')).toBe('y'.repeat(1000))
    expect(await readdir(join(folder, 'a'.repeat(24), 'incoming'))).toEqual([])
    clock.advance(10_000)
    await storage.remove('a')
    await storage.write('b', 'x'.repeat(1000))
  })

  it('leaves the old file when the content breaks off', async () => {
    await storage.write('a', 'old')
    async function* broken() {
      yield Buffer.from('new')
      throw new Error('connection lost')
    }
    await expect(storage.write('a', broken())).rejects.toThrow('connection lost')
    expect(await text('a')).toBe('old')
  })
})

describe('a pattern for files', () => {
  it.each([
    ['*.txt', ['a.txt'], ['a/b.txt', 'a.md']],
    ['**/*.txt', ['a.txt', 'a/b.txt', 'a/b/c.txt'], ['a.md']],
    ['a/**', ['a/b', 'a/b/c', 'a'], ['b/a']],
    ['a/?[xy].*', ['a/1x.z', 'a/2y.'], ['a/x.z', 'a/1z.z']],
    ['**/a/**/b', ['a/b', 'x/a/y/z/b'], ['a/c']],
  ])('%s', (pattern, yes, no) => {
    const matches = compileGlob(pattern)
    expect(yes.filter((path) => !matches(path))).toEqual([])
    expect(no.filter((path) => matches(path))).toEqual([])
  })

  it('is refused outside, and takes no time to speak of', () => {
    for (const pattern of ['../*', '/etc/*', 'a/../../b', '', '**/'.repeat(20)]) {
      expect(() => compileGlob(pattern)).toThrow(expect.objectContaining({ code: 'STORAGE_PATH' }))
    }
    const start = performance.now()
    compileGlob(`${'*a'.repeat(100)}b`)('a'.repeat(255))
    compileGlob('**/a/**/a/**/a/**/a/**/a/**/b')('a/'.repeat(500))
    expect(performance.now() - start).toBeLessThan(200)
  })
})

describe('the type of a file', () => {
  it.each([
    ['x.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'image/png'],
    ['x.png', Buffer.from('<html><script>'), 'text/html'],
    ['x.jpg', Buffer.from('<?xml version="1.0"?><svg onload="x">'), 'image/svg+xml'],
    ['x.txt', Buffer.from('  <!DOCTYPE HTML>'), 'text/html'],
    ['x.html', Buffer.from([0, 1, 2]), 'application/octet-stream'],
    [
      'x.docx',
      Buffer.from('PK\u0003\u0004rest'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['x.json', Buffer.from('{}'), 'application/json'],
    ['none', Buffer.from('hello'), 'text/plain'],
    ['none', Buffer.alloc(0), 'text/plain'],
  ])('%s', (name, head, type) => {
    expect(mimeTypeOf(name, head)).toBe(type)
  })
})
