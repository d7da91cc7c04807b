// Why not a package: docs/adr/0011.
// SHA-256, SHA-384, SHA-512 (FIPS 180-4). The constants are what the standard says they are: the first bits of
// the fractional parts of roots of primes. Computing them takes 1 ms at first use and cannot be mistyped.

interface Constants {
  /** High and low halves in turn, for 80 rounds. */
  k: Int32Array
  /** Initial values from the square roots of the primes 1–8 and 9–16, halves in turn. */
  first: Int32Array
  second: Int32Array
}

let known: Constants | undefined

function constants(): Constants {
  return (known ??= computeConstants())
}

function computeConstants(): Constants {
  const primes: bigint[] = []
  for (let n = 2n; primes.length < 80; n++) if (primes.every((p) => n % p !== 0n)) primes.push(n)
  const halves = (values: bigint[]) =>
    Int32Array.from(
      values.flatMap((value) => [Number((value >> 32n) & 0xffffffffn), Number(value & 0xffffffffn)]),
    )
  const squares = primes.slice(0, 16).map((prime) => root(prime << 128n, 2n))
  return {
    k: halves(primes.map((prime) => root(prime << 192n, 3n))),
    first: halves(squares.slice(0, 8)),
    second: halves(squares.slice(8)),
  }
}

/** The integer root, by Newton's method. */
function root(value: bigint, degree: bigint): bigint {
  let guess = 1n << (BigInt(value.toString(2).length) / degree + 1n)
  for (;;) {
    const next = ((degree - 1n) * guess + value / guess ** (degree - 1n)) / degree
    if (next >= guess) return guess
    guess = next
  }
}

/** The message with its padding: a one bit, zeros, the length in bits as a big-endian number. */
function padded(message: Uint8Array, blockBytes: number): DataView {
  const lengthBytes = blockBytes / 8
  const blocks = Math.ceil((message.length + 1 + lengthBytes) / blockBytes)
  const bytes = new Uint8Array(blocks * blockBytes)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(message.length / 0x20000000))
  view.setUint32(bytes.length - 4, (message.length << 3) >>> 0)
  return view
}

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n))

export function sha256(message: Uint8Array): Uint8Array {
  const { k, first } = constants()
  const state = new Int32Array(8)
  for (let i = 0; i < 8; i++) state[i] = first[i * 2]!
  const view = padded(message, 64)
  const w = new Int32Array(64)
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + i * 4)
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15]!
      const b = w[i - 2]!
      const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
      const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    rounds256(state, w, k)
  }
  return bigEndian(state)
}

function rounds256(state: Int32Array, w: Int32Array, k: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i * 2]! + w[i]!) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  const next = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) state[i] = (state[i]! + next[i]!) | 0
}

export function sha512(message: Uint8Array): Uint8Array {
  return sha512From(constants().first, message)
}

export function sha384(message: Uint8Array): Uint8Array {
  return sha512From(constants().second, message).slice(0, 48)
}

// 64-bit words as pairs of halves (high, low): BigInt would be fifty times slower.
function sha512From(initial: Int32Array, message: Uint8Array): Uint8Array {
  const { k } = constants()
  const state = Int32Array.from(initial)
  const view = padded(message, 128)
  const w = new Int32Array(160)
  for (let offset = 0; offset < view.byteLength; offset += 128) {
    for (let i = 0; i < 32; i++) w[i] = view.getInt32(offset + i * 4)
    for (let i = 32; i < 160; i += 2) extend512(w, i)
    rounds512(state, w, k)
  }
  return bigEndian(state)
}

function extend512(w: Int32Array, i: number): void {
  const ah = w[i - 30]!
  const al = w[i - 29]!
  const bh = w[i - 4]!
  const bl = w[i - 3]!
  const s0h = ((ah >>> 1) | (al << 31)) ^ ((ah >>> 8) | (al << 24)) ^ (ah >>> 7)
  const s0l = ((al >>> 1) | (ah << 31)) ^ ((al >>> 8) | (ah << 24)) ^ ((al >>> 7) | (ah << 25))
  const s1h = ((bh >>> 19) | (bl << 13)) ^ ((bl >>> 29) | (bh << 3)) ^ (bh >>> 6)
  const s1l = ((bl >>> 19) | (bh << 13)) ^ ((bh >>> 29) | (bl << 3)) ^ ((bl >>> 6) | (bh << 26))
  const low = (w[i - 31]! >>> 0) + (s0l >>> 0) + (w[i - 13]! >>> 0) + (s1l >>> 0)
  w[i + 1] = low | 0
  w[i] = (w[i - 32]! + s0h + w[i - 14]! + s1h + carry(low)) | 0
}

/** What a sum of low halves gives to the high ones. */
const carry = (sum: number): number => Math.floor(sum / 0x100000000)

function rounds512(state: Int32Array, w: Int32Array, k: Int32Array): void {
  const v = Int32Array.from(state)
  for (let i = 0; i < 160; i += 2) {
    const [ah, al, bh, bl, ch, cl] = [v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, v[5]!]
    const [eh, el, fh, fl, gh, gl] = [v[8]!, v[9]!, v[10]!, v[11]!, v[12]!, v[13]!]
    const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23))
    const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23))
    const chl = (el & fl) ^ (~el & gl)
    const low1 = (v[15]! >>> 0) + (s1l >>> 0) + (chl >>> 0) + (k[i + 1]! >>> 0) + (w[i + 1]! >>> 0)
    const t1h = (v[14]! + s1h + ((eh & fh) ^ (~eh & gh)) + k[i]! + w[i]! + carry(low1)) | 0
    const t1l = low1 | 0
    const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25))
    const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25))
    const low2 = (s0l >>> 0) + (((al & bl) ^ (al & cl) ^ (bl & cl)) >>> 0)
    const t2h = (s0h + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + carry(low2)) | 0
    v.copyWithin(2, 0, 14)
    const lowE = (v[9]! >>> 0) + (t1l >>> 0)
    v[8] = (v[8]! + t1h + carry(lowE)) | 0
    v[9] = lowE | 0
    const lowA = (t1l >>> 0) + ((low2 | 0) >>> 0)
    v[0] = (t1h + t2h + carry(lowA)) | 0
    v[1] = lowA | 0
  }
  for (let i = 0; i < 16; i += 2) {
    const low = (state[i + 1]! >>> 0) + (v[i + 1]! >>> 0)
    state[i] = (state[i]! + v[i]! + carry(low)) | 0
    state[i + 1] = low | 0
  }
}

function bigEndian(words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) view.setInt32(i * 4, words[i]!)
  return bytes
}
