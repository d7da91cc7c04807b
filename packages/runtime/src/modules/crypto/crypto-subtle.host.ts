// oxlint-disable max-params -- the signatures are those of the standard
import { webcrypto } from 'node:crypto'
import type { HostKey } from './crypto.contract.ts'
import type { HeavyWork } from './heavy-work.host.ts'

const { subtle } = webcrypto
type Key = webcrypto.CryptoKey

/**
 * One operation of Web Cryptography by Node's own. Keys come and go as their bytes: nothing is kept here, and a
 * non-extractable key stays one by the isolate's word, which only its own author could break.
 */
export async function runSubtle(
  args: readonly unknown[],
  heavy: HeavyWork,
  signal: AbortSignal,
): Promise<unknown> {
  const [method, ...rest] = args
  const operation = Object.hasOwn(OPERATIONS, String(method)) ? OPERATIONS[String(method)] : undefined
  try {
    if (!operation) throw new TypeError(`crypto.subtle has no "${String(method)}".`)
    const work = () => operation(...rest)
    return { value: await (HEAVY.has(String(method)) ? heavy(work, signal) : work()) }
  } catch (error) {
    const { name, message } = error as Error
    return {
      failed: {
        name: /^[A-Z][A-Za-z]{2,40}$/.test(name) ? name : 'OperationError',
        message: message || 'The operation failed.',
      },
    }
  }
}

type Algorithm = Parameters<typeof subtle.sign>[0]
type Cipher = Parameters<typeof subtle.encrypt>[0]
// oxlint-disable-next-line typescript/no-explicit-any -- Node checks each argument, and says what is wrong with it
type Operation = (...args: any[]) => Promise<unknown>

const OPERATIONS: Record<string, Operation> = {
  digest: async (algorithm: Algorithm, data: Uint8Array) =>
    bytes(await subtle.digest(algorithm, plain(data))),
  generateKey: async (algorithm: Algorithm, extractable: boolean, usages: webcrypto.KeyUsage[]) => {
    // Made extractable, so that its bytes can be carried.
    const made = (await subtle.generateKey(
      bounded(algorithm) as webcrypto.RsaHashedKeyGenParams,
      true,
      usages,
    )) as Key | webcrypto.CryptoKeyPair
    if (!('publicKey' in made)) return carried(made, extractable)
    return {
      publicKey: await carried(made.publicKey, true),
      privateKey: await carried(made.privateKey, extractable),
    }
  },
  importKey: async (
    format: 'raw',
    data: Uint8Array,
    algorithm: Algorithm,
    extractable: boolean,
    usages: webcrypto.KeyUsage[],
  ) => {
    const name = DERIVED_FROM.get(nameOf(algorithm))
    if (name !== undefined && data instanceof Uint8Array) {
      const { type } = await subtle.importKey(format, plain(data), algorithm, extractable, usages)
      return { type, algorithm: { name }, usages, extractable: false, format, data } satisfies HostKey
    }
    const given = (data instanceof Uint8Array ? data : allowed(data)) as Uint8Array<ArrayBuffer>
    return carried(await subtle.importKey(format, given, algorithm, true, usages), extractable)
  },
  exportKey: async (format: 'raw', key: HostKey) => {
    const data: unknown = await subtle.exportKey(format, await revived(key))
    return data instanceof ArrayBuffer ? bytes(data) : { ...(data as object), ext: key.extractable }
  },
  sign: async (algorithm: Algorithm, key: HostKey, data: Uint8Array) =>
    bytes(await subtle.sign(algorithm, await revived(key), plain(data))),
  verify: async (algorithm: Algorithm, key: HostKey, signature: Uint8Array, data: Uint8Array) =>
    subtle.verify(algorithm, await revived(key), plain(signature), plain(data)),
  encrypt: async (algorithm: Algorithm, key: HostKey, data: Uint8Array) =>
    bytes(await subtle.encrypt(algorithm as Cipher, await revived(key), plain(data))),
  decrypt: async (algorithm: Algorithm, key: HostKey, data: Uint8Array) =>
    bytes(await subtle.decrypt(algorithm as Cipher, await revived(key), plain(data))),
  deriveBits: async (algorithm: Algorithm, key: HostKey, length: number) =>
    bytes(await subtle.deriveBits(await withKey(algorithm), await revived(key), length)),
  deriveKey: async (
    algorithm: Algorithm,
    key: HostKey,
    derived: Algorithm,
    extractable: boolean,
    usages: webcrypto.KeyUsage[],
  ) =>
    carried(
      await subtle.deriveKey(
        await withKey(algorithm),
        await revived(key),
        derived as webcrypto.AesKeyGenParams,
        true,
        usages,
      ),
      extractable,
    ),
  wrapKey: async (format: 'raw', key: HostKey, by: HostKey, algorithm: Algorithm) =>
    bytes(await subtle.wrapKey(format, await revived(key), await revived(by), algorithm as Cipher)),
  unwrapKey: async (
    format: 'raw',
    wrapped: Uint8Array,
    by: HostKey,
    algorithm: Algorithm,
    keyAlgorithm: Algorithm,
    extractable: boolean,
    usages: webcrypto.KeyUsage[],
  ) =>
    carried(
      await subtle.unwrapKey(
        format,
        plain(wrapped),
        await revived(by),
        algorithm as Cipher,
        keyAlgorithm,
        true,
        usages,
      ),
      extractable,
    ),
}

/** Seconds of a thread, if they are asked to. */
const HEAVY = new Set(['generateKey', 'deriveBits', 'deriveKey'])

/** Bits of an RSA key: 4096 take seconds, 16384 an hour of a thread. */
const MAX_MODULUS_BITS = 4096

/** @throws OperationError beyond what is bounded */
function bounded(algorithm: Algorithm): Algorithm {
  const { modulusLength } = algorithm as { modulusLength?: unknown }
  if (Number(modulusLength) > MAX_MODULUS_BITS)
    throw new DOMException(`A key of at most ${MAX_MODULUS_BITS} bits can be made.`, 'OperationError')
  return algorithm
}

/** The most rounds of PBKDF2: about 2 s here. */
const MAX_ITERATIONS = 10_000_000

/** ECDH and X25519 name the other side's key in the algorithm. @throws OperationError beyond what is bounded */
async function withKey(algorithm: Algorithm): Promise<webcrypto.Pbkdf2Params> {
  const members = { ...(algorithm as unknown as Record<string, unknown>) }
  if (Number(members['iterations']) > MAX_ITERATIONS)
    throw new DOMException(`At most ${MAX_ITERATIONS} iterations are allowed.`, 'OperationError')
  const other = members['public'] as { key?: HostKey } | undefined
  if (other?.key) members['public'] = await revived(other.key)
  return members as unknown as webcrypto.Pbkdf2Params
}

/** A JWK of a key that must not leave is imported all the same: what leaves is up to `extractable`. */
function allowed(data: unknown): webcrypto.JsonWebKey {
  const { ext: _ext, ...jwk } = data as webcrypto.JsonWebKey
  return jwk
}

/** Kinds that have no bytes to export as raw: they are derived from only. */
const DERIVED_FROM = new Map([
  ['HKDF', 'HKDF'],
  ['PBKDF2', 'PBKDF2'],
])

function nameOf(algorithm: Algorithm): string {
  return String(typeof algorithm === 'string' ? algorithm : algorithm.name).toUpperCase()
}

async function carried(key: Key, extractable: boolean): Promise<HostKey> {
  const { type, algorithm, usages } = key
  if (type !== 'public' && usages.length === 0)
    throw new DOMException('The usages of a secret or private key cannot be empty.', 'SyntaxError')
  const format = type === 'secret' ? 'raw' : type === 'public' ? 'spki' : 'pkcs8'
  const data = bytes(await subtle.exportKey(format, key))
  return { type, algorithm: shown(algorithm), usages: [...usages], extractable, format, data }
}

/** Without Node's own kinds in it. */
function shown(algorithm: object): Record<string, unknown> {
  return structuredClone(algorithm) as Record<string, unknown>
}

async function revived({ format, data, algorithm, usages }: HostKey): Promise<Key> {
  return subtle.importKey(
    format as 'raw',
    plain(data),
    algorithm as unknown as Algorithm,
    !DERIVED_FROM.has(String(algorithm['name'])),
    usages as webcrypto.KeyUsage[],
  )
}

function bytes(buffer: ArrayBuffer): Uint8Array {
  return new Uint8Array(buffer)
}

function plain(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return data as Uint8Array<ArrayBuffer>
}
