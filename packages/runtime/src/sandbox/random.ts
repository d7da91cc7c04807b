// Randomness for keys and tokens without asking the host each time: ChaCha20 (RFC 8439) keyed by the host's
// entropy at boot, with fast key erasure: what was given out cannot be found again from later state.
import { bootData } from './boot-data.ts'
import { fromHex } from './bytes.ts'

/** Bytes of seed the host gives, as hex. */
export const SEED_BYTES = 32
/** A block gives a new key (32 bytes) and the rest to callers. */
const BLOCKS = 16

const key = new Int32Array(8)
let pool = new Uint8Array(0)
let seeded = false

/** Sets the key anew; by itself the first use takes the host's seed (modules/crypto/crypto.host.ts). */
export function seedRandom(seedHex: string): void {
  const bytes = fromHex(seedHex)
  if (!bytes || bytes.length !== SEED_BYTES) throw new Error('The random seed is missing.')
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 8; i++) key[i] = view.getInt32(i * 4, true)
  pool = new Uint8Array(0)
  seeded = true
}

/** Unpredictable bytes. */
export function randomBytes(count: number): Uint8Array {
  if (!seeded) seedRandom((bootData('crypto') as { seed?: string } | undefined)?.seed ?? '')
  const bytes = new Uint8Array(count)
  for (let done = 0; done < count;) {
    if (pool.length === 0) refill()
    const part = pool.subarray(0, count - done)
    bytes.set(part, done)
    part.fill(0)
    pool = pool.subarray(part.length)
    done += part.length
  }
  return bytes
}

/** An even choice from `min` (inclusive) to `max` (exclusive); `min` when there is nothing between. */
export function randomInt(min: number, max: number): number {
  const range = max - min
  if (!(range > 1)) return min
  // 53 bits; what would favour the first numbers is thrown away.
  const limit = Math.floor(0x20000000000000 / range) * range
  for (;;) {
    const bytes = new DataView(randomBytes(8).buffer)
    const value = (bytes.getUint32(0) & 0x1fffff) * 0x100000000 + bytes.getUint32(4)
    if (value < limit) return min + (value % range)
  }
}

/** A UUID of version 4 (RFC 9562). */
export function uuid(): string {
  const bytes = randomBytes(16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  let text = ''
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-'
    text += (bytes[i]! + 0x100).toString(16).slice(1)
  }
  return text
}

function refill(): void {
  const out = new Int32Array(BLOCKS * 16)
  for (let block = 0; block < BLOCKS; block++) chacha(block, out)
  for (let i = 0; i < 8; i++) key[i] = out[i]!
  out.fill(0, 0, 8)
  pool = new Uint8Array(out.buffer, 32)
}

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n))

function chacha(counter: number, out: Int32Array): void {
  const start = new Int32Array([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...key, counter, 0, 0, 0])
  const s = Int32Array.from(start)
  const quarter = (a: number, b: number, c: number, d: number): void => {
    s[a] = (s[a]! + s[b]!) | 0
    s[d] = rotate(s[d]! ^ s[a]!, 16)
    s[c] = (s[c]! + s[d]!) | 0
    s[b] = rotate(s[b]! ^ s[c]!, 12)
    s[a] = (s[a]! + s[b]!) | 0
    s[d] = rotate(s[d]! ^ s[a]!, 8)
    s[c] = (s[c]! + s[d]!) | 0
    s[b] = rotate(s[b]! ^ s[c]!, 7)
  }
  for (let i = 0; i < 10; i++) {
    quarter(0, 4, 8, 12)
    quarter(1, 5, 9, 13)
    quarter(2, 6, 10, 14)
    quarter(3, 7, 11, 15)
    quarter(0, 5, 10, 15)
    quarter(1, 6, 11, 12)
    quarter(2, 7, 8, 13)
    quarter(3, 4, 9, 14)
  }
  for (let i = 0; i < 16; i++) out[counter * 16 + i] = (s[i]! + start[i]!) | 0
}
