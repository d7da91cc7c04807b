import { bytesAs, bytesOf, bytesOfAny } from '../../sandbox/bytes.ts'
import { equalBytes, hashNamed, hashes, hmac } from '../../sandbox/hash/hmac.ts'
import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { promised } from '../../sandbox/lanes.ts'
import { randomBytes, randomInt, uuid } from '../../sandbox/random.ts'
import { cryptoTexts, HASHES, MAX_RANDOM_BYTES } from './crypto.contract.ts'
import { Crypto, CryptoKey, getRandomValues, subtle, SubtleCrypto } from './web-crypto.sandbox.ts'

export { Crypto, CryptoKey, SubtleCrypto }

export const room: SandboxRoom = (lane, kernel) => ({
  ...digests(lane, kernel),
  ...randomness(lane, kernel),
  ...keyed(lane),
  subtle,
})

type Digest = (data: unknown, as?: unknown) => string | Uint8Array

function digests(lane: Lane, kernel: Kernel) {
  const encoded = (bytes: Uint8Array, as: unknown): string | Uint8Array => {
    const result = bytesAs(bytes, as)
    if (result !== null) return result
    throw kernel.error(
      'CRYPTO_ENCODING_UNKNOWN',
      cryptoTexts.CRYPTO_ENCODING_UNKNOWN({ encoding: String(as) }),
    )
  }
  const dataOf = (data: unknown): Uint8Array => {
    const bytes = bytesOf(data)
    if (bytes) return bytes
    // Scripts of the original go on with what they have.
    if (lane.kind === 'bare' && (typeof data === 'function' || (typeof data === 'object' && data !== null)))
      throw kernel.error('CRYPTO_DATA_INVALID', cryptoTexts.CRYPTO_DATA_INVALID({}))
    return bytesOfAny(data)
  }
  const digest =
    (name: (typeof HASHES)[number]): Digest =>
    (data, as) =>
      encoded(hashes[name]!.hash(dataOf(data)), as)
  return {
    md5: digest('md5'),
    sha1: digest('sha1'),
    sha256: digest('sha256'),
    sha384: digest('sha384'),
    sha512: digest('sha512'),
    hmac(algorithm: unknown, key: unknown, data: unknown, as?: unknown) {
      return encoded(hmac(knownHash(kernel, algorithm), secretOf(kernel, key), dataOf(data)), as)
    },
    // Nothing equals nothing nowhere: a variable that is not set must not let in who sends no token.
    timingSafeEqual: (one: unknown, other: unknown) =>
      !isMissing(one) && !isMissing(other) && equalBytes(bytesOfAny(one), bytesOfAny(other)),
  }
}

const isMissing = (value: unknown): boolean => value === undefined || value === null

/** An empty key is one that everybody knows; Web Cryptography takes none either. */
function secretOf(kernel: Kernel, key: unknown): Uint8Array {
  const secret = bytesOfAny(key)
  if (secret.length > 0) return secret
  const expected = `it is ${givenFor(key)}; hmac needs a secret text or bytes (if it is a variable, set it under Environment)`
  throw kernel.error('CRYPTO_KEY_INVALID', cryptoTexts.CRYPTO_KEY_INVALID({ expected }))
}

/** A form without a password would get the hash of the word "undefined", which lets in whoever types it. */
function passwordOf(kernel: Kernel, password: unknown): string {
  const text = isMissing(password) ? '' : String(password)
  if (text !== '') return text
  const given = givenFor(password)
  throw kernel.error('CRYPTO_PASSWORD_MISSING', cryptoTexts.CRYPTO_PASSWORD_MISSING({ given }))
}

const givenFor = (value: unknown): string => (isMissing(value) ? String(value) : 'empty')

function knownHash(kernel: Kernel, algorithm: unknown) {
  const found = hashNamed(algorithm)
  if (found) return found
  const p = { algorithm: String(algorithm), known: HASHES.join(', ') }
  throw kernel.error('CRYPTO_ALGORITHM_UNKNOWN', cryptoTexts.CRYPTO_ALGORITHM_UNKNOWN(p))
}

function randomness(lane: Lane, kernel: Kernel) {
  const counted = (count: unknown): number => {
    const wanted = Math.trunc(Number(count)) || 0
    if (wanted <= MAX_RANDOM_BYTES) return Math.max(0, wanted)
    throw kernel.error('CRYPTO_TOO_MANY_BYTES', cryptoTexts.CRYPTO_TOO_MANY_BYTES({ count: wanted }))
  }
  return {
    /** Hex in both spellings, as in the original: `''` for nothing. */
    randomBytes: (count: unknown, as?: unknown) => bytesAs(randomBytes(counted(count)), as) ?? '',
    randomInt: (min: unknown, max?: unknown) =>
      max === undefined
        ? randomInt(0, Math.trunc(Number(min)) || 0)
        : randomInt(Math.trunc(Number(min)) || 0, Math.trunc(Number(max)) || 0),
    uuid,
    randomUUID: uuid,
    getRandomValues,
    // Slow on purpose or with keys of many kinds: in the host, off the isolate's thread.
    hashPassword: promised(lane, (password: unknown) =>
      lane.call('crypto.hashPassword', [passwordOf(kernel, password)]),
    ),
    verifyPassword: promised(lane, (password: unknown, hash: unknown) =>
      lane.call('crypto.verifyPassword', [isMissing(password) ? '' : String(password), String(hash)]),
    ),
  }
}

function keyed(lane: Lane) {
  const call =
    <T>(member: string) =>
    (...args: unknown[]) =>
      lane.call<T>(`crypto.${member}`, args)
  return {
    encrypt: call<string>('encrypt'),
    decrypt: call<string | Uint8Array>('decrypt'),
    generateKey: call<string>('generateKey'),
    generateKeyPair: call<{ publicKey: string; privateKey: string }>('generateKeyPair'),
    sign: call<string>('sign'),
    verify: call<boolean>('verify'),
    jwt: {
      sign: call<string>('jwtSign'),
      verify: call<object>('jwtVerify'),
      decode: call<object | null>('jwtDecode'),
    },
  }
}
