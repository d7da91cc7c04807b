import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@m3m/base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProjectStorage, type ProjectStorage } from './project-storage.ts'

const clock = new ManualClock()
let folder: string
let storage: ProjectStorage
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-parts-'))
  storage = createProjectStorage({ folder, clock, quotaBytes: 1_000 })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const limits = { overwrite: true, maxBytes: 500, startBytes: 0 }
const part = { id: 'upload-1', totalBytes: 10 }
const left = () => readdirSync(join(folder, 'parts'))
const text = async (path: string) => Buffer.from(await storage.read(path)).toString()
async function* chunks(...texts: string[]) {
  for (const each of texts) yield Buffer.from(each)
}
async function* cutAfter(sent: string) {
  yield Buffer.from(sent)
  throw new Error('the line is dead')
}

describe('an upload in parts', () => {
  it('goes on where it was cut, also in another process, and is whole or not there', async () => {
    await expect(
      storage.uploads.receive('a/b.txt', { ...part, ...limits }, cutAfter('0123')),
    ).rejects.toThrow('dead')
    expect(await storage.stat('a/b.txt')).toBeNull()
    const restarted = createProjectStorage({ folder, clock, quotaBytes: 1_000 })
    expect(await restarted.uploads.received('a/b.txt', part)).toBe(4)
    const wrong = restarted.uploads.receive('a/b.txt', { ...part, ...limits, startBytes: 2 }, chunks('x'))
    await expect(wrong).rejects.toMatchObject({ code: 'STORAGE_PART', status: 409 })
    const rest = await restarted.uploads.receive(
      'a/b.txt',
      { ...part, ...limits, startBytes: 4 },
      chunks('456', '789'),
    )
    expect(rest).toEqual({ receivedBytes: 10, isWhole: true })
    expect([await text('a/b.txt'), left()]).toEqual(['0123456789', []])
  })

  it('is of one file: another path, size or sender begins anew', async () => {
    await storage.uploads.receive('a.txt', { ...part, ...limits }, chunks('0123'))
    for (const [path, other] of [
      ['b.txt', part],
      ['a.txt', { ...part, totalBytes: 11 }],
      ['a.txt', { ...part, id: 'upload-2' }],
    ] as const)
      expect(await storage.uploads.received(path, other)).toBe(0)
    await storage.uploads.discard('a.txt', part)
    expect([await storage.uploads.received('a.txt', part), left()]).toEqual([0, []])
  })

  it('is taken over by the one who tries again, though the first is silent', async () => {
    const silent = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    async function* vanished() {
      yield Buffer.from('0123')
      reached.resolve()
      await silent.promise
    }
    const first = storage.uploads.receive('a.txt', { ...part, ...limits }, vanished())
    const ended = expect(first).rejects.toMatchObject({ code: 'STORAGE_TAKEN_OVER' })
    await reached.promise
    await storage.uploads.receive('a.txt', { ...part, ...limits, startBytes: 4 }, chunks('456789'))
    await ended
    silent.resolve()
    expect(await text('a.txt')).toBe('0123456789')
  })

  it('is refused before a byte is read: too large, over the quota, something there', async () => {
    const never = { [Symbol.asyncIterator]: () => expect.fail('it was read') } as never
    const send = (path: string, more: object) =>
      storage.uploads.receive(path, { ...part, ...limits, ...more }, never)
    await expect(send('a', { totalBytes: 501 })).rejects.toMatchObject({ code: 'STORAGE_TOO_LARGE' })
    await storage.write('full', 'x'.repeat(600))
    await expect(send('a', { totalBytes: 450 })).rejects.toMatchObject({ code: 'STORAGE_QUOTA' })
    await expect(send('full', { overwrite: false })).rejects.toMatchObject({ code: 'STORAGE_EXISTS' })
    const asked = storage.uploads.received('full', part, { overwrite: false, maxBytes: 500 })
    await expect(asked).rejects.toMatchObject({ code: 'STORAGE_EXISTS' })
    // What others have sent so far counts.
    await storage.uploads.receive('b', { id: 'other', totalBytes: 300, ...limits }, chunks('x'.repeat(250)))
    await expect(send('a', { totalBytes: 200 })).rejects.toMatchObject({ code: 'STORAGE_QUOTA' })
    const more = storage.uploads.receive('c', { ...part, ...limits }, chunks('x'.repeat(11)))
    await expect(more).rejects.toMatchObject({ code: 'STORAGE_TOO_LARGE' })
  })

  it('follows no symbolic link and leaves the storage by no path', async () => {
    mkdirSync(join(folder, 'storage'))
    writeFileSync(join(folder, 'outside'), 'secret')
    symlinkSync(join(folder, 'outside'), join(folder, 'storage', 'link'))
    for (const path of ['link', '../outside', '/etc/x', 'a\0b', 'con', ''])
      await expect(
        storage.uploads.receive(path, { ...part, ...limits }, chunks('0123456789')),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^STORAGE_(PATH|KIND)$/) })
    expect(await storage.uploads.received('caf\u00e9', part)).toBe(0)
    await storage.uploads.receive('caf\u00e9', { ...part, ...limits }, chunks('0123'))
    expect(await storage.uploads.received('cafe\u0301', part)).toBe(4)
  })

  it('is forgotten after a day', async () => {
    await storage.uploads.receive('a', { ...part, ...limits }, chunks('0123'))
    const at = (hours: number) => {
      const clock = new ManualClock(Date.now() + hours * 3_600_000)
      return createProjectStorage({ folder, clock }).uploads.expire()
    }
    await at(23)
    expect(left()).toHaveLength(1)
    await at(25)
    expect(left()).toEqual([])
  })
})

describe('a full disk', () => {
  it('refuses what does not fit and leaves nothing half-written', async ({ skip }) => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' })
    } catch {
      skip('this system lets us mount no small disk')
    }
    try {
      const small = createProjectStorage({ folder: disk, clock })
      await small.write('kept.txt', 'before')
      const big = 'x'.repeat(200_000)
      const full = { code: 'STORAGE_DISK_FULL', status: 507 }
      await expect(small.write('kept.txt', big)).rejects.toMatchObject(full)
      const upload = { id: 'big', totalBytes: big.length, ...limits, maxBytes: big.length }
      await expect(small.uploads.receive('kept.txt', upload, chunks(big))).rejects.toMatchObject(full)
      expect(Buffer.from(await small.read('kept.txt')).toString()).toBe('before')
      expect([readdirSync(join(disk, 'incoming')), readdirSync(join(disk, 'parts'))]).toEqual([[], []])
      await small.write('fits.txt', 'x')
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

describe('a look over the tree', () => {
  it('finds by name and counts, within bounds', async () => {
    for (const path of ['a/report.pdf', 'a/b/Report 2.pdf', 'c/other.txt', 'report.md'])
      await storage.write(path, '12345')
    const found = await storage.find('', (name) => name.toLowerCase().includes('report'), 10)
    expect([found.entries.map(({ path }) => path), found.isCut]).toEqual([
      ['report.md', 'a/report.pdf', 'a/b/Report 2.pdf'],
      false,
    ])
    expect(await storage.find('', () => true, 2)).toMatchObject({ isCut: true })
    expect(await storage.measure('a')).toEqual({ files: 2, folders: 1, sizeBytes: 10, isCut: false })
    expect(await storage.measure('report.md')).toEqual({ files: 1, folders: 0, sizeBytes: 5, isCut: false })
    await expect(storage.find('../x', () => true, 2)).rejects.toMatchObject({ code: 'STORAGE_PATH' })
  })
})
