import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BUNDLE, BUNDLE_SOURCES, freshBundle, SEALED } from './bundle.ts'

const SOURCE = 'packages/core/src/features/runs/runs.service.ts'
const [BEFORE, MADE, AFTER] = [1000, 2000, 3000]

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'm3m-bundle-'))
  for (const path of [SOURCE, 'package-lock.json', BUNDLE]) put(path)
  for (const path of [...foldersTo(SOURCE), SOURCE, 'package-lock.json']) touch(path, BEFORE)
  touch(BUNDLE, MADE)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a bundle that is younger than every source is used', () => {
  expect(freshBundle(root)).toBe(pathToFileURL(join(root, BUNDLE)).href)
})

test('without a bundle the sources run', () => {
  rmSync(join(root, BUNDLE))
  expect(freshBundle(root)).toBeNull()
})

test.for([SOURCE, 'package-lock.json', dirname(SOURCE), BUNDLE_SOURCES[2]!])(
  'a change of %s makes it stale: edited, added, removed or installed anew',
  (path) => {
    touch(path, AFTER)
    expect(freshBundle(root)).toBeNull()
  },
)

test('where nobody edits, times say nothing', () => {
  touch(SOURCE, AFTER)
  put(SEALED)
  expect(freshBundle(root)).not.toBeNull()
})

function put(path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
}

function touch(path: string, seconds: number): void {
  utimesSync(join(root, path), seconds, seconds)
}

/** Every folder above, the deepest first. */
function foldersTo(path: string): string[] {
  const folder = dirname(path)
  return folder === '.' ? [] : [folder, ...foldersTo(folder)]
}
