/** Bytes one call may ask for (runtime-api.md). */
export const MAX_RANDOM_BYTES = 64 * 1024

/** The hashes by name, weakest first. */
export const HASHES = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const

/** Signatures that `sign` and `verify` know. */
export const SIGNATURES = ['ed25519', 'rsa-sha256', 'rsa-sha512', 'rsa-pss-sha256'] as const
export type Signature = (typeof SIGNATURES)[number]

/** What crosses from the host before the main file runs. */
export interface CryptoBoot {
  /** 32 bytes, as hex. */
  seed: string
}

/** The texts of this room's errors that are thrown inside the isolate. */
export const cryptoTexts = {
  CRYPTO_ENCODING_UNKNOWN: (p: { encoding: string }) =>
    `"${p.encoding}" is no encoding; use 'hex', 'base64', 'base64url' or 'bytes'.`,
  CRYPTO_ALGORITHM_UNKNOWN: (p: { algorithm: string; known: string }) =>
    `"${p.algorithm}" is not known here; use ${p.known}.`,
  CRYPTO_TOO_MANY_BYTES: (p: { count: number }) =>
    `${p.count} random bytes were asked for; one call gives at most ${MAX_RANDOM_BYTES}.`,
  CRYPTO_DATA_INVALID: (_: object) =>
    'An object has no hash of its own: all would have the same. Hash bytes or a text: ctx.rawBody of a request, JSON.stringify(…) of a value.',
  CRYPTO_KEY_INVALID: (p: { expected: string }) => `The key does not fit: ${p.expected}.`,
  CRYPTO_PASSWORD_MISSING: (p: { given: string }) =>
    `There is no password to hash: it is ${p.given}. Refuse what was sent before you hash it.`,
}

/** A key of Web Cryptography as it crosses: its bytes and what it is for. */
export interface HostKey {
  type: string
  algorithm: Record<string, unknown>
  usages: string[]
  extractable: boolean
  /** `raw`, `spki`, `pkcs8`; of keys that are only derived from, the bytes they were made of. */
  format: string
  data: Uint8Array
}
