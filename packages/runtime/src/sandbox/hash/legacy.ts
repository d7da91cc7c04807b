// MD5 (RFC 1321) and SHA-1 (RFC 3174): broken for signatures, asked for by old protocols and webhooks.

const rotateLeft = (x: number, n: number): number => (x << n) | (x >>> (32 - n))

function padded(message: Uint8Array, littleEndian: boolean): DataView {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  const low = (message.length << 3) >>> 0
  const high = Math.floor(message.length / 0x20000000)
  view.setUint32(bytes.length - (littleEndian ? 8 : 4), low, littleEndian)
  view.setUint32(bytes.length - (littleEndian ? 4 : 8), high, littleEndian)
  return view
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
let sines: Int32Array | undefined

export function md5(message: Uint8Array): Uint8Array {
  // RFC 1321 §3.4: T[i] is the integer part of 2^32 times |sin(i)|, i in radians.
  sines ??= Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 0x100000000) | 0)
  const view = padded(message, true)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476])
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    let [a, b, c, d] = state as unknown as [number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const mix =
        round === 0
          ? (b & c) | (~b & d)
          : round === 1
            ? (d & b) | (~d & c)
            : round === 2
              ? b ^ c ^ d
              : c ^ (b | ~d)
      const word =
        round === 0 ? i : round === 1 ? (5 * i + 1) & 15 : round === 2 ? (3 * i + 5) & 15 : (7 * i) & 15
      const sum = (a + mix + sines[i]! + view.getInt32(offset + word * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + rotateLeft(sum, MD5_SHIFTS[round * 4 + (i & 3)]!)) | 0
    }
    const next = [a, b, c, d]
    for (let i = 0; i < 4; i++) state[i] = (state[i]! + next[i]!) | 0
  }
  return bytesOfWords(state, true)
}

const SHA1_K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6]

export function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message, false)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  const w = new Int32Array(80)
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + i * 4)
    for (let i = 16; i < 80; i++) w[i] = rotateLeft(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1)
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number]
    for (let i = 0; i < 80; i++) {
      const round = Math.floor(i / 20)
      const mix = round === 0 ? (b & c) | (~b & d) : round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
      const next = (rotateLeft(a, 5) + mix + e + SHA1_K[round]! + w[i]!) | 0
      e = d
      d = c
      c = rotateLeft(b, 30)
      b = a
      a = next
    }
    const next = [a, b, c, d, e]
    for (let i = 0; i < 5; i++) state[i] = (state[i]! + next[i]!) | 0
  }
  return bytesOfWords(state, false)
}

function bytesOfWords(words: Int32Array, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(words.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < words.length; i++) view.setInt32(i * 4, words[i]!, littleEndian)
  return bytes
}
