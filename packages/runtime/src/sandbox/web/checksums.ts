// Checksums of compressed data: CRC-32 of gzip (RFC 1952, section 8) and Adler-32 of zlib (RFC 1950, section 9).

/** What is counted over the data, and compared with the bytes that follow it. */
export interface Trailer {
  /** Bytes of the trailer. */
  readonly length: number
  add(data: Uint8Array): void
  /** True when `bytes` say what was counted. */
  matches(bytes: Uint8Array): boolean
}

/** Made when the first data is checked. */
let table: Uint32Array | undefined

function crcTable(): Uint32Array {
  const made = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    let value = i
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
    made[i] = value
  }
  return made
}

/** CRC-32 and the length modulo 2^32, both little-endian. */
export function gzipTrailer(): Trailer {
  const crcs = (table ??= crcTable())
  let crc = 0xffffffff
  let size = 0
  return {
    length: 8,
    add(data) {
      for (let i = 0; i < data.length; i++) crc = crcs[(crc ^ data[i]!) & 0xff]! ^ (crc >>> 8)
      size = (size + data.length) >>> 0
    },
    matches(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      return view.getUint32(0, true) === ~crc >>> 0 && view.getUint32(4, true) === size
    },
  }
}

const ADLER_MOD = 65_521
/** Bytes that can be summed before the sums leave 32 bits (zlib's NMAX). */
const ADLER_RUN = 5552

/** Adler-32, big-endian. */
export function zlibTrailer(): Trailer {
  let a = 1
  let b = 0
  return {
    length: 4,
    add(data) {
      for (let from = 0; from < data.length; from += ADLER_RUN) {
        const to = Math.min(from + ADLER_RUN, data.length)
        for (let i = from; i < to; i++) b += a += data[i]!
        a %= ADLER_MOD
        b %= ADLER_MOD
      }
    },
    matches: (bytes) =>
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0) === ((b << 16) | a) >>> 0,
  }
}
