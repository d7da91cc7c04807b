import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { cryptoErrors } from './crypto.errors.ts'

const KEY_BYTES = 32
// NIST SP 800-38D: 96 bits for the nonce, 128 for the tag.
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SALT_BYTES = 16
/** A passphrase is stretched at each call, so cheaper than a stored password: N = 2^14, 16 MB, 40 ms. */
const COST = { N: 2 ** 14, r: 8, p: 1, maxmem: 32 * 1024 * 1024 }
const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt)

/** A key for {@link encrypt}: 32 random bytes as hex. */
export function generateKey(): string {
  return randomBytes(KEY_BYTES).toString('hex')
}

/** `k1.` (a key) or `p1.` (a passphrase) and, in base64url: salt of a passphrase, nonce, ciphertext, tag. */
export async function encrypt(data: unknown, key: unknown): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const { secret, kind } = await secretOf(key, salt)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', secret, nonce)
  const parts = [nonce, cipher.update(bytesOf(data)), cipher.final(), cipher.getAuthTag()]
  if (kind === 'p1') parts.unshift(salt)
  return `${kind}.${Buffer.concat(parts).toString('base64url')}`
}

/** The text, or with `{ as: 'bytes' }` the bytes. @throws CRYPTO_DECRYPT_FAILED when a single bit is wrong. */
export async function decrypt(text: unknown, key: unknown, options: unknown): Promise<string | Uint8Array> {
  const match = /^(k1|p1)\.([\w-]+)$/.exec(String(text))
  const all = Buffer.from(match?.[2] ?? '', 'base64url')
  const saltBytes = match?.[1] === 'p1' ? SALT_BYTES : 0
  if (!match || all.length < saltBytes + NONCE_BYTES + TAG_BYTES) {
    throw cryptoErrors.CRYPTO_DECRYPT_FAILED({ reason: 'it is not what encrypt gives' })
  }
  const { secret, kind } = await secretOf(key, all.subarray(0, saltBytes))
  if (kind !== match[1]) {
    const reason =
      kind === 'k1' ? 'it was encrypted with a passphrase' : 'it was encrypted with a key of 32 bytes'
    throw cryptoErrors.CRYPTO_DECRYPT_FAILED({ reason })
  }
  const body = all.subarray(saltBytes)
  const decipher = createDecipheriv('aes-256-gcm', secret, body.subarray(0, NONCE_BYTES))
  decipher.setAuthTag(body.subarray(-TAG_BYTES))
  try {
    const plain = Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    return (options as { as?: unknown } | undefined)?.as === 'bytes' ? plain : plain.toString('utf8')
  } catch (cause) {
    throw cryptoErrors.CRYPTO_DECRYPT_FAILED(
      { reason: 'the key is wrong or the text was changed' },
      { cause },
    )
  }
}

/** Whether `key` is a passphrase, whose stretching takes 40 ms of a thread; anything else is a key, or refused. */
export function isPassphrase(key: unknown): key is string {
  return typeof key === 'string' && !/^[0-9a-fA-F]{64}$/.test(key)
}

async function secretOf(key: unknown, salt: Uint8Array): Promise<{ secret: Uint8Array; kind: 'k1' | 'p1' }> {
  if (key instanceof Uint8Array && key.length === KEY_BYTES) return { secret: key, kind: 'k1' }
  if (typeof key === 'string' && !isPassphrase(key)) return { secret: Buffer.from(key, 'hex'), kind: 'k1' }
  if (!isPassphrase(key) || key.length < 8) {
    const expected =
      'give 32 bytes, their 64 hex digits (crypto.generateKey()), or a passphrase of at least 8 characters'
    throw cryptoErrors.CRYPTO_KEY_INVALID({ expected })
  }
  // The salt of a key is not used: when the text was encrypted with one, the kind will not match anyway.
  if (salt.length === 0) return { secret: new Uint8Array(KEY_BYTES), kind: 'p1' }
  return { secret: await derive(key.normalize('NFKC'), salt, KEY_BYTES, COST), kind: 'p1' }
}

function bytesOf(data: unknown): Uint8Array {
  return data instanceof Uint8Array
    ? data
    : Buffer.from(data === undefined || data === null ? '' : String(data))
}
