import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { secretKeys } from './secret-keys.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-keys-'))
  file = join(folder, 'secrets.key')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('makes one key at first start, readable by its owner only, and keeps it', () => {
  const keys = secretKeys(folder)
  expect(keys.map((key) => Buffer.from(key, 'base64url').length)).toEqual([32])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, 0o644)
  expect(secretKeys(folder)).toEqual(keys)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('reads several, the newest first', () => {
  const [old] = secretKeys(folder)
  const next = Buffer.alloc(32, 7).toString('base64url')
  writeFileSync(file, `${next}\n${old}\n`)
  expect(secretKeys(folder)).toEqual([next, old])
})

it.each(['', 'short\n', `${'*'.repeat(43)}\n`])(
  'refuses a damaged file (%j) and does not replace it',
  (text) => {
    writeFileSync(file, text)
    expect(() => secretKeys(folder)).toThrow(expect.objectContaining({ code: 'CONFIG_KEY_FILE' }))
    expect(statSync(file).size).toBe(text.length)
  },
)
