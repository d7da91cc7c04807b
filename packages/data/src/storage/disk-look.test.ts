import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'

let folder = ''
afterEach(async () => {
  vi.restoreAllMocks()
  vi.resetModules()
  await rm(folder, { recursive: true, force: true })
})

async function filled(): Promise<string> {
  folder = await mkdtemp(join(tmpdir(), 'm3m-look-'))
  await writeFile(join(folder, 'file.txt'), 'abc')
  await mkdir(join(folder, 'inner'))
  await symlink('/etc', join(folder, 'link'))
  return folder
}

test.each(['quick', 'slow'])('a %s disk tells what lies at a path', async (kind) => {
  const { lookAt } = await import('./disk-look.ts')
  const root = await filled()
  if (kind === 'slow') {
    let nowMs = performance.now()
    // Each look seems to take a second.
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1000))
    expect(lookAt(join(root, 'file.txt'))).not.toBeInstanceOf(Promise)
    expect(lookAt(join(root, 'file.txt'))).toBeInstanceOf(Promise)
  } else expect(lookAt(join(root, 'file.txt'))).not.toBeInstanceOf(Promise)

  expect((await lookAt(join(root, 'file.txt')))?.size).toBe(3)
  expect((await lookAt(join(root, 'inner')))?.isDirectory()).toBe(true)
  expect((await lookAt(join(root, 'link')))?.isSymbolicLink()).toBe(true)
  expect(await lookAt(join(root, 'none'))).toBeNull()
  expect(await lookAt(join(root, 'file.txt', 'below-a-file'))).toBeNull()
  await expect((async () => lookAt(join(root, 'x'.repeat(300))))()).rejects.toMatchObject({
    code: 'ENAMETOOLONG',
  })
})

test('a disk that was slow once is asked directly again after a while', async () => {
  const { lookAt } = await import('./disk-look.ts')
  const root = await filled()
  let nowMs = performance.now()
  let lookMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += lookMs))
  await lookAt(root)
  lookMs = 0
  expect(lookAt(root)).toBeInstanceOf(Promise)
  nowMs += 60_001
  expect(lookAt(root)).not.toBeInstanceOf(Promise)
})
