import { constants, createPrivateKey, createPublicKey, generateKeyPair as generate } from 'node:crypto'
import { sign as signBytes, verify as verifyBytes, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { SIGNATURES, type Signature } from './crypto.contract.ts'
import { cryptoErrors } from './crypto.errors.ts'

const generated = promisify(generate) as (
  type: string,
  options: object,
) => Promise<{ publicKey: string; privateKey: string }>
const PEM = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}

/** `ed25519` (default) or `rsa` of 3072 bits, both as PEM. */
export function generateKeyPair(
  type: unknown = 'ed25519',
): Promise<{ publicKey: string; privateKey: string }> {
  if (type === 'ed25519') return generated('ed25519', PEM)
  if (type === 'rsa') return generated('rsa', { ...PEM, modulusLength: 3072 })
  throw cryptoErrors.CRYPTO_ALGORITHM_UNKNOWN({ algorithm: String(type), known: 'ed25519, rsa' })
}

/** The signature in base64url. The algorithm follows from the key when none is named. */
export function sign(data: unknown, key: unknown, algorithm?: unknown): string {
  const secret = privateKey(key)
  const chosen = signatureOf(algorithm, secret)
  return signBytes(hashOf(chosen), bytesOf(data), keyWithPadding(secret, chosen)).toString('base64url')
}

/** False for a wrong signature, and for one that is no base64url. */
export function verify(data: unknown, signature: unknown, key: unknown, algorithm?: unknown): boolean {
  const open = publicKey(key)
  const chosen = signatureOf(algorithm, open)
  const bytes = signature instanceof Uint8Array ? signature : Buffer.from(String(signature), 'base64url')
  return verifyBytes(hashOf(chosen), bytesOf(data), keyWithPadding(open, chosen), bytes)
}

/** @throws CRYPTO_KEY_INVALID */
export function privateKey(key: unknown): KeyObject {
  try {
    return createPrivateKey(String(key))
  } catch (cause) {
    throw cryptoErrors.CRYPTO_KEY_INVALID(
      { expected: 'give a private key as PEM, without a passphrase' },
      { cause },
    )
  }
}

/** @throws CRYPTO_KEY_INVALID */
export function publicKey(key: unknown): KeyObject {
  try {
    return createPublicKey(String(key))
  } catch (cause) {
    throw cryptoErrors.CRYPTO_KEY_INVALID({ expected: 'give a public key as PEM' }, { cause })
  }
}

function signatureOf(algorithm: unknown, key: KeyObject): Signature {
  const kind = key.asymmetricKeyType
  const natural = kind === 'ed25519' ? 'ed25519' : kind === 'rsa' ? 'rsa-sha256' : null
  const chosen = algorithm === undefined || algorithm === null ? natural : String(algorithm).toLowerCase()
  const known = SIGNATURES.find((name) => name === chosen)
  if (!known) {
    const name = algorithm === undefined ? String(kind) : String(algorithm)
    throw cryptoErrors.CRYPTO_ALGORITHM_UNKNOWN({ algorithm: name, known: SIGNATURES.join(', ') })
  }
  if ((known === 'ed25519') !== (kind === 'ed25519')) {
    throw cryptoErrors.CRYPTO_KEY_INVALID({ expected: `${known} needs another kind of key than ${kind}` })
  }
  return known
}

function hashOf(algorithm: Signature): string | null {
  return algorithm === 'ed25519' ? null : algorithm.slice(algorithm.lastIndexOf('-') + 1)
}

function keyWithPadding(key: KeyObject, algorithm: Signature) {
  if (algorithm !== 'rsa-pss-sha256') return key
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
}

function bytesOf(data: unknown): Uint8Array {
  return data instanceof Uint8Array
    ? data
    : Buffer.from(data === undefined || data === null ? '' : String(data))
}
