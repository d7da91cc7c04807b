import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { swapFolder } from './swap-folder.ts'

let folder: string
const mounted: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-swap-'))
})
afterEach(() => {
  for (const place of mounted.splice(0)) execFileSync('umount', [place])
  rmSync(folder, { recursive: true, force: true })
})

function folderWith(name: string, files: Record<string, string>): string {
  const path = join(folder, name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true })
    writeFileSync(join(path, file), text)
  }
  return path
}

const textOf = (...path: string[]) => readFileSync(join(...path), 'utf8')
const suffix = 'before-restore-1'

test('a folder takes the place of another, which is kept', async () => {
  const [from, to] = [folderWith('new', { 'a/b.txt': 'new' }), folderWith('old', { 'b.txt': 'old' })]
  await using swapped = await swapFolder({ from, to, suffix })
  swapped.settle()
  expect([textOf(to, 'a/b.txt'), textOf(swapped.kept!, 'b.txt')]).toEqual(['new', 'old'])
})

test('where nothing was, nothing is kept', async () => {
  await using swapped = await swapFolder({
    from: folderWith('new', { a: '1' }),
    to: join(folder, 'old'),
    suffix,
  })
  swapped.settle()
  expect(swapped.kept).toBe(null)
})

test('what is not settled is taken back', async () => {
  const [from, to] = [folderWith('new', { a: 'new' }), folderWith('old', { a: 'old' })]
  await (await swapFolder({ from, to, suffix }))[Symbol.asyncDispose]()
  expect([textOf(to, 'a'), readdirSync(folder).sort()]).toEqual(['old', ['new', 'old']])
})

test('a link stays one: what it leads to is changed', async () => {
  folderWith('elsewhere', { a: 'old' })
  const to = join(folder, 'link')
  symlinkSync(join(folder, 'elsewhere'), to)
  await using swapped = await swapFolder({ from: folderWith('new', { a: 'new' }), to, suffix })
  swapped.settle()
  expect([textOf(to, 'a'), textOf(folder, 'elsewhere/a')]).toEqual(['new', 'new'])
})

/** A file system of its own, which only root can make. */
function tmpfs(name: string, size: string): string | null {
  const path = join(folder, name)
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return null
  }
  mounted.push(path)
  return path
}

const mayMount = (() => {
  const path = mkdtempSync(join(tmpdir(), 'm3m-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
    execFileSync('umount', [path])
    return true
  } catch {
    return false
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
})()

// Needs the right to mount: root, outside of a container that forbids it.
describe.skipIf(!mayMount)('a folder that is a file system of its own', () => {
  test('is filled by a copy; what was there is kept inside', async () => {
    const to = tmpfs('mount', '4m')!
    writeFileSync(join(to, 'a'), 'old')
    await using swapped = await swapFolder({
      from: folderWith('new', { a: 'new', 'b/c': 'more' }),
      to,
      suffix,
    })
    swapped.settle()
    expect([textOf(to, 'a'), textOf(to, 'b/c'), textOf(swapped.kept!, 'a')]).toEqual(['new', 'more', 'old'])
    expect(readdirSync(to).sort()).toEqual([`.${suffix}`, 'a', 'b'])
  })

  test('that is too small for it stays as it was', async () => {
    const to = tmpfs('mount', '256k')!
    writeFileSync(join(to, 'a'), 'old')
    const from = folderWith('new', { a: 'new', big: 'x'.repeat(1_000_000) })
    await expect(swapFolder({ from, to, suffix })).rejects.toMatchObject({ code: 'ENOSPC' })
    expect([readdirSync(to), textOf(to, 'a'), existsSync(join(from, 'big'))]).toEqual([['a'], 'old', true])
  })

  test('is taken back whole when what follows fails', async () => {
    const to = tmpfs('mount', '4m')!
    writeFileSync(join(to, 'a'), 'old')
    const swapped = await swapFolder({ from: folderWith('new', { a: 'new', b: 'new' }), to, suffix })
    await swapped[Symbol.asyncDispose]()
    expect([readdirSync(to), textOf(to, 'a')]).toEqual([['a'], 'old'])
  })
})
