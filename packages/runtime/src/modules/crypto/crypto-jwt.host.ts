import { createHmac, timingSafeEqual } from 'node:crypto'
import { sign as signBytes, verify as verifyBytes } from 'node:crypto'
import { parseDuration } from '../../sandbox/duration.ts'
import { cryptoErrors } from './crypto.errors.ts'
import { privateKey, publicKey } from './crypto-sign.host.ts'

// RFC 7519 over RFC 7515 compact form. `none` is not among them, and the algorithm is the caller's choice, never
// the token's (RFC 8725 §3.1).
const HMACS: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }
const RSAS: Record<string, string> = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' }
const MAX_TOKEN_CHARS = 64 * 1024

interface JwtOptions {
  algorithm?: unknown
  expiresIn?: unknown
  issuer?: unknown
  audience?: unknown
  subject?: unknown
  header?: unknown
  clockToleranceMs?: unknown
}

/** Signs a payload; `iat` is added, `exp` from `expiresIn` (milliseconds or `'15m'`). */
export function jwtSign(payload: unknown, key: unknown, options: unknown, nowMs: number): string {
  const chosen = optionsOf(options)
  const algorithm = algorithmOf(chosen, key)
  if (typeof payload !== 'object' || payload === null) {
    throw cryptoErrors.CRYPTO_OPTION_INVALID({ option: 'payload', expected: 'an object' })
  }
  const seconds = Math.floor(nowMs / 1000)
  const claims = {
    iat: seconds,
    ...payload,
    ...(chosen.expiresIn !== undefined && {
      exp: seconds + Math.floor(durationMs('expiresIn', chosen.expiresIn) / 1000),
    }),
    ...(chosen.issuer !== undefined && { iss: chosen.issuer }),
    ...(chosen.audience !== undefined && { aud: chosen.audience }),
    ...(chosen.subject !== undefined && { sub: chosen.subject }),
  }
  const header = { ...(chosen.header as object | undefined), alg: algorithm, typ: 'JWT' }
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signatureOf(algorithm, input, key).toString('base64url')}`
}

/** The claims of a valid token. @throws CRYPTO_TOKEN_INVALID with the reason. */
export function jwtVerify(token: unknown, key: unknown, options: unknown, nowMs: number): object {
  const chosen = optionsOf(options)
  const algorithm = algorithmOf(chosen, key)
  const { header, claims, input, signature } = partsOf(token)
  if (header['alg'] !== algorithm)
    throw invalid(`it is signed with ${String(header['alg'])}, not ${algorithm}`)
  if (!isSigned(algorithm, input, key, signature)) throw invalid('the signature is wrong')
  const seconds = nowMs / 1000
  const tolerance =
    chosen.clockToleranceMs === undefined ? 0 : durationMs('clockToleranceMs', chosen.clockToleranceMs) / 1000
  if ('exp' in claims && !(Number(claims['exp']) > seconds - tolerance)) throw invalid('it has expired')
  if ('nbf' in claims && !(Number(claims['nbf']) <= seconds + tolerance)) throw invalid('it is not valid yet')
  if (chosen.issuer !== undefined && claims['iss'] !== chosen.issuer) throw invalid('it has another issuer')
  if (chosen.subject !== undefined && claims['sub'] !== chosen.subject)
    throw invalid('it has another subject')
  const audiences = [claims['aud']].flat()
  if (chosen.audience !== undefined && !audiences.includes(chosen.audience))
    throw invalid('it is for another audience')
  return claims
}

/** Header and claims without any check; null for what is no token. */
export function jwtDecode(token: unknown): { header: object; payload: object } | null {
  try {
    const { header, claims } = partsOf(token)
    return { header, payload: claims }
  } catch {
    return null
  }
}

function invalid(reason: string): Error {
  return cryptoErrors.CRYPTO_TOKEN_INVALID({ reason })
}

function optionsOf(options: unknown): JwtOptions {
  return typeof options === 'object' && options !== null ? options : {}
}

function algorithmOf({ algorithm = 'HS256' }: JwtOptions, key: unknown): string {
  const name = String(algorithm)
  if (!(name in HMACS) && !(name in RSAS) && name !== 'EdDSA') {
    const known = [...Object.keys(HMACS), ...Object.keys(RSAS), 'EdDSA'].join(', ')
    throw cryptoErrors.CRYPTO_ALGORITHM_UNKNOWN({ algorithm: name, known })
  }
  // A public key used as the secret of an HMAC is how tokens get forged.
  const isText = typeof key === 'string' || key instanceof Uint8Array
  if (name in HMACS && (!isText || key.length === 0 || String(key).includes('-----BEGIN'))) {
    throw cryptoErrors.CRYPTO_KEY_INVALID({ expected: `${name} needs a secret text or bytes` })
  }
  return name
}

function signatureOf(algorithm: string, input: string, key: unknown): Buffer {
  const hash = HMACS[algorithm]
  if (hash)
    return createHmac(hash, key as string)
      .update(input)
      .digest()
  return signBytes(RSAS[algorithm] ?? null, Buffer.from(input), privateKey(key))
}

function isSigned(algorithm: string, input: string, key: unknown, signature: Buffer): boolean {
  if (!(algorithm in HMACS)) {
    return verifyBytes(RSAS[algorithm] ?? null, Buffer.from(input), publicKey(key), signature)
  }
  const expected = signatureOf(algorithm, input, key)
  return expected.length === signature.length && timingSafeEqual(expected, signature)
}

function partsOf(token: unknown): {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  input: string
  signature: Buffer
} {
  const text = String(token)
  const match = text.length <= MAX_TOKEN_CHARS ? /^([\w-]+)\.([\w-]+)\.([\w-]*)$/.exec(text) : null
  const header = match && decode(match[1]!)
  const claims = match && decode(match[2]!)
  if (!header || !claims) throw invalid('it is no JSON web token')
  return { header, claims, input: `${match[1]}.${match[2]}`, signature: Buffer.from(match[3]!, 'base64url') }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

function durationMs(option: string, value: unknown): number {
  const ms = parseDuration(value)
  if (ms !== null) return ms
  throw cryptoErrors.CRYPTO_OPTION_INVALID({ option, expected: "milliseconds or a text such as '15m'" })
}
