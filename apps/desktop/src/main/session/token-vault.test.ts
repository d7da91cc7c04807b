import { randomBytes } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createLogger, silentLogger } from '@m3m/base'
import { expect, test } from 'vitest'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { type KeychainCipher, openTokenVault } from './token-vault.ts'

const agentId = 'a'.repeat(24)

/** A keychain whose key can be lost or changed. */
function xorKeychain(options: { strong?: boolean } = {}) {
  let key = randomBytes(64)
  let stale = false
  const mix = (bytes: Uint8Array) => bytes.map((byte, at) => byte ^ key[at % key.length]!)
  const cipher: KeychainCipher = {
    isStrong: async () => options.strong ?? true,
    encrypt: async (text) => mix(Buffer.from(`v1${text}`)),
    async decrypt(bytes) {
      const text = Buffer.from(mix(bytes)).toString()
      if (!text.startsWith('v1')) throw new Error('wrong key')
      return { text: text.slice(2), stale }
    },
  }
  return { cipher, loseKey: () => (key = randomBytes(64)), markStale: () => (stale = true) }
}

test('a token is there after a restart and unreadable on disk', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'tokens.json')
  const { cipher } = xorKeychain()
  const vault = await openTokenVault({ path, cipher, logger: silentLogger })
  await vault.set(agentId, 'refresh-token-of-root')
  expect(vault.store).toBe('keychain')

  const bytes = await readFile(path)
  expect(bytes.includes('refresh-token-of-root')).toBe(false)
  expect(bytes.includes(Buffer.from('refresh-token-of-root').toString('base64').slice(0, 20))).toBe(false)
  expect((await stat(path)).mode & 0o777).toBe(0o600)

  const again = await openTokenVault({ path, cipher, logger: silentLogger })
  expect(await again.get(agentId)).toBe('refresh-token-of-root')
  await again.remove(agentId)
  expect(again.has(agentId)).toBe(false)
  expect(await (await openTokenVault({ path, cipher, logger: silentLogger })).get(agentId)).toBeNull()
})

test('without a keychain nothing is written, and it is said', async () => {
  await using folder = await makeTempFolder()
  const lines: string[] = []
  const logger = createLogger((line) => lines.push(line))
  const { cipher } = xorKeychain({ strong: false })
  const vault = await openTokenVault({ path: join(folder.path, 'tokens.json'), cipher, logger })
  await vault.set(agentId, 'secret')
  expect(vault.store).toBe('memory')
  expect(await vault.get(agentId)).toBe('secret')
  expect(await readdir(folder.path)).toEqual([])
  expect(lines.join()).toContain('no keychain')
})

test('a token the keychain cannot read any more is a sign-out, not a crash', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'tokens.json')
  const { cipher, loseKey } = xorKeychain()
  const vault = await openTokenVault({ path, cipher, logger: silentLogger })
  await vault.set(agentId, 'secret')
  loseKey()
  expect(await vault.get(agentId)).toBeNull()
  expect(vault.has(agentId)).toBe(false)
})

test('a token under an old key is encrypted anew', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'tokens.json')
  const { cipher, markStale } = xorKeychain()
  let encryptions = 0
  const counting = { ...cipher, encrypt: (text: string) => (encryptions++, cipher.encrypt(text)) }
  const vault = await openTokenVault({ path, cipher: counting, logger: silentLogger })
  await vault.set(agentId, 'secret')
  markStale()
  expect(await vault.get(agentId)).toBe('secret')
  expect(encryptions).toBe(2)
})
