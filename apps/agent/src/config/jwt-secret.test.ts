import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { jwtSecret, weakness } from './jwt-secret.ts'
import { readConfig } from './read-config.ts'

let home: string
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'm3m-secret-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

const config = (secret?: string) => {
  if (secret !== undefined) writeFileSync(join(home, 'config.yaml'), `# one\njwt:\n  secret: ${secret}\n`)
  return readConfig({ env: {}, cwd: home })
}

it('makes a secret at first start, readable by its owner only, and keeps it', () => {
  const first = jwtSecret(config())
  expect(first.created).toBe(true)
  expect(statSync(first.file).mode & 0o777).toBe(0o600)
  expect(readFileSync(first.file, 'utf8').trim()).toBe(first.secret)
  expect(weakness(first.secret)).toBeNull()
  expect(jwtSecret(config())).toEqual({ ...first, created: false })
})

it.each([
  'your-secret-key',
  'change-me-in-production-please-change-me',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'short',
])('refuses the weak secret %s with its line and the cure', (secret) => {
  expect(() => jwtSecret(config(secret))).toThrow(/^config\.yaml:3: jwt\.secret is weak.*openssl rand/)
})

it('uses a strong secret of the configuration', () => {
  const strong = 'k3hV0t8mQz1xYb7LrWc5Ns9dFg2Jp4Ae'
  expect(jwtSecret(config(strong)).secret).toBe(strong)
})

it('refuses a secret file that was cut short', () => {
  const { file } = jwtSecret(config())
  writeFileSync(file, 'abc\n')
  expect(() => jwtSecret(config())).toThrow(/jwt\.secret: the file of the sign-in secret cannot be used/)
})
