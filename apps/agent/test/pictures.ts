// Pictures that are made and measured without a library: what is tested decodes them.
import { crc32, deflateSync } from 'node:zlib'

type Color = readonly [number, number, number]
export const photo = (width: number, height: number, color: Color) => {
  const line = Buffer.concat([Buffer.of(0), ...Array.from({ length: width }, () => Buffer.from(color))])
  return png(width, height, deflateSync(Buffer.concat(Array.from({ length: height }, () => line))))
}

/** @param packed the lines, deflated; RGB of 8 bits, or grey of one */
export function png(width: number, height: number, packed: Buffer, bits: 1 | 8 = 8): Uint8Array<ArrayBuffer> {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const
    ends[0].writeUInt32BE(data.length)
    ends[1].writeUInt32BE(crc32(body))
    return Buffer.concat([ends[0], body, ends[1]])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([bits, bits === 8 ? 2 : 0, 0, 0, 0], 8)
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [chunk('IHDR', head), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]
  return new Uint8Array(Buffer.concat([magic, ...parts]))
}

/** Of a lossy WebP without transparency (RFC 9649, "VP8 "): two numbers of 14 bits. */
export function sizeOf(webp: Buffer): [number, number] {
  const format = webp.toString('latin1', 8, 16)
  if (format !== 'WEBPVP8 ') throw new Error(`no lossy WebP: ${format}`)
  return [webp.readUInt16LE(26) & 0x3fff, webp.readUInt16LE(28) & 0x3fff]
}
