// oxlint-disable max-params -- the signatures are those of the standard
// SubtleCrypto and CryptoKey: W3C Web Cryptography. The host computes; a key is its bytes, which the author never sees
// when it is not extractable.
import { bytesOf } from '../../sandbox/bytes.ts'
import { callHost } from '../../sandbox/calls.ts'
import { randomBytes, uuid } from '../../sandbox/random.ts'
import { CLONE_HANDLERS } from '../../sandbox/web/clone.ts'
import { DOMException } from '../../sandbox/web/dom-exception.ts'
import { demand, webInterface } from '../../sandbox/web/interface.ts'
import { MAX_RANDOM_BYTES, type HostKey } from './crypto.contract.ts'

const MADE = Symbol('made')
let hostKeyOf: (key: CryptoKey) => HostKey

export class CryptoKey {
  readonly #key: HostKey
  #usages: string[]

  static {
    hostKeyOf = (key) => key.#key
  }
  constructor(token?: unknown, key?: HostKey) {
    if (token !== MADE || !key) throw new TypeError('Illegal constructor: keys are made by crypto.subtle.')
    this.#key = key
    this.#usages = [...key.usages]
  }
  get type(): string {
    return this.#key.type
  }
  get extractable(): boolean {
    return this.#key.extractable
  }
  get algorithm(): object {
    return this.#key.algorithm
  }
  get usages(): string[] {
    return this.#usages
  }
}
webInterface(CryptoKey, 'CryptoKey')
CLONE_HANDLERS.add((value) =>
  value instanceof CryptoKey ? new CryptoKey(MADE, hostKeyOf(value)) : undefined,
)

function hostKey(value: unknown, what: string): HostKey {
  if (value instanceof CryptoKey) return hostKeyOf(value)
  throw new TypeError(`${what} expects a CryptoKey.`)
}

function bytesGiven(value: unknown, what: string): Uint8Array {
  const bytes = typeof value === 'string' ? null : bytesOf(value)
  if (bytes) return bytes
  throw new TypeError(`${what} expects bytes: encode a text by new TextEncoder().encode(text).`)
}

/** An algorithm as it crosses: its bytes and keys as such. */
function crossing(algorithm: unknown): unknown {
  if (typeof algorithm === 'string') return { name: algorithm }
  if (typeof algorithm !== 'object' || algorithm === null)
    throw new TypeError('An algorithm is a name, or an object with a name.')
  const members: Record<string, unknown> = {}
  for (const key in algorithm) {
    const value = (algorithm as Record<string, unknown>)[key]
    members[key] =
      value instanceof CryptoKey
        ? { key: hostKeyOf(value) }
        : value instanceof ArrayBuffer
          ? new Uint8Array(value)
          : value
  }
  return members
}

interface Failure {
  failed: { name: string; message: string }
}

async function ask<T>(method: string, ...args: unknown[]): Promise<T> {
  const answer = (await callHost('crypto.subtle', [method, ...args])) as { value: T } | Failure
  if (!('failed' in answer)) return answer.value
  const { name, message } = answer.failed
  if (name === 'TypeError') throw new TypeError(message)
  throw new DOMException(message, name)
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer

function keyMade(made: HostKey | { publicKey: HostKey; privateKey: HostKey }): unknown {
  if (!('publicKey' in made)) return new CryptoKey(MADE, made)
  return { publicKey: new CryptoKey(MADE, made.publicKey), privateKey: new CryptoKey(MADE, made.privateKey) }
}

export class SubtleCrypto {
  constructor(token?: unknown) {
    if (token !== MADE) throw new TypeError('Illegal constructor: it is crypto.subtle.')
  }
  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    demand(2, arguments.length, 'digest')
    return bufferOf(await ask('digest', crossing(algorithm), bytesGiven(data, 'digest').slice()))
  }
  async generateKey(algorithm: unknown, extractable: unknown, usages: Iterable<unknown>): Promise<unknown> {
    demand(3, arguments.length, 'generateKey')
    return keyMade(
      await ask('generateKey', crossing(algorithm), Boolean(extractable), [...usages].map(String)),
    )
  }
  async importKey(
    format: unknown,
    keyData: unknown,
    algorithm: unknown,
    extractable: unknown,
    usages: Iterable<unknown>,
  ): Promise<unknown> {
    demand(5, arguments.length, 'importKey')
    const data = format === 'jwk' ? keyData : bytesGiven(keyData, 'importKey').slice()
    return keyMade(
      await ask(
        'importKey',
        String(format),
        data,
        crossing(algorithm),
        Boolean(extractable),
        [...usages].map(String),
      ),
    )
  }
  async exportKey(format: unknown, key: unknown): Promise<unknown> {
    demand(2, arguments.length, 'exportKey')
    const made = hostKey(key, 'exportKey')
    if (!made.extractable) throw new DOMException('The key is not extractable.', 'InvalidAccessError')
    const data = await ask<unknown>('exportKey', String(format), made)
    return data instanceof Uint8Array ? bufferOf(data) : data
  }
  async sign(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    demand(3, arguments.length, 'sign')
    return bufferOf(
      await ask('sign', crossing(algorithm), hostKey(key, 'sign'), bytesGiven(data, 'sign').slice()),
    )
  }
  async verify(algorithm: unknown, key: unknown, signature: unknown, data: unknown): Promise<boolean> {
    demand(4, arguments.length, 'verify')
    const [one, other] = [bytesGiven(signature, 'verify').slice(), bytesGiven(data, 'verify').slice()]
    return await ask('verify', crossing(algorithm), hostKey(key, 'verify'), one, other)
  }
  async encrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    demand(3, arguments.length, 'encrypt')
    const bytes = bytesGiven(data, 'encrypt').slice()
    return bufferOf(await ask('encrypt', crossing(algorithm), hostKey(key, 'encrypt'), bytes))
  }
  async decrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    demand(3, arguments.length, 'decrypt')
    const bytes = bytesGiven(data, 'decrypt').slice()
    return bufferOf(await ask('decrypt', crossing(algorithm), hostKey(key, 'decrypt'), bytes))
  }
  async deriveBits(algorithm: unknown, key: unknown, length: unknown = null): Promise<ArrayBuffer> {
    demand(2, arguments.length, 'deriveBits')
    const bits = length === null ? null : Number(length)
    return bufferOf(await ask('deriveBits', crossing(algorithm), hostKey(key, 'deriveBits'), bits))
  }
  async deriveKey(
    algorithm: unknown,
    key: unknown,
    derived: unknown,
    extractable: unknown,
    usages: Iterable<unknown>,
  ): Promise<unknown> {
    demand(5, arguments.length, 'deriveKey')
    return keyMade(
      await ask(
        'deriveKey',
        crossing(algorithm),
        hostKey(key, 'deriveKey'),
        crossing(derived),
        Boolean(extractable),
        [...usages].map(String),
      ),
    )
  }
  async wrapKey(
    format: unknown,
    key: unknown,
    wrappingKey: unknown,
    algorithm: unknown,
  ): Promise<ArrayBuffer> {
    demand(4, arguments.length, 'wrapKey')
    const made = hostKey(key, 'wrapKey')
    if (!made.extractable) throw new DOMException('The key is not extractable.', 'InvalidAccessError')
    return bufferOf(
      await ask('wrapKey', String(format), made, hostKey(wrappingKey, 'wrapKey'), crossing(algorithm)),
    )
  }
  async unwrapKey(...args: unknown[]): Promise<unknown> {
    demand(7, args.length, 'unwrapKey')
    const [format, wrapped, unwrappingKey, algorithm, keyAlgorithm, extractable, usages] = args
    return keyMade(
      await ask(
        'unwrapKey',
        String(format),
        bytesGiven(wrapped, 'unwrapKey').slice(),
        hostKey(unwrappingKey, 'unwrapKey'),
        crossing(algorithm),
        crossing(keyAlgorithm),
        Boolean(extractable),
        [...(usages as Iterable<unknown>)].map(String),
      ),
    )
  }
}
webInterface(SubtleCrypto, 'SubtleCrypto')

export const subtle = new SubtleCrypto(MADE)

/** The class browsers have for `crypto`; the global of that name is the module. */
export class Crypto {
  constructor() {
    throw new TypeError('Illegal constructor: it is the global crypto.')
  }
}
webInterface(Crypto, 'Crypto')

const INTEGERS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
] as const

/** Web Cryptography, "getRandomValues". @throws TypeMismatchError, QuotaExceededError */
export function getRandomValues<T>(into: T): T {
  if (!ArrayBuffer.isView(into)) throw new TypeError('getRandomValues expects a typed array of integers.')
  if (!INTEGERS.some((kind) => into instanceof kind))
    throw new DOMException('getRandomValues fills typed arrays of integers only.', 'TypeMismatchError')
  if (into.byteLength > MAX_RANDOM_BYTES)
    throw new DOMException(
      `getRandomValues fills at most ${MAX_RANDOM_BYTES} bytes, not ${into.byteLength}; fill in parts.`,
      'QuotaExceededError',
    )
  bytesOf(into)!.set(randomBytes(into.byteLength))
  return into
}

export { uuid as randomUUID }
