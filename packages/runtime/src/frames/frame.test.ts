import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { createFrameReader, encodeFrame, FrameBreach, KIND, type Frame } from './frame.ts'

const frames: Frame[] = [
  { kind: KIND.request, flags: 0, run: 1, stream: 0, head: '[0,1,"GET","/ü"]', bytes: Buffer.alloc(0) },
  {
    kind: KIND.chunk,
    flags: 3,
    run: 0xffffffff,
    stream: 0xfffffffe,
    head: '',
    bytes: Buffer.from([1, 2, 3]),
  },
  { kind: KIND.control, flags: 0, run: 0, stream: 0, head: '', bytes: Buffer.alloc(0) },
  { kind: KIND.head, flags: 1, run: 7, stream: 9, head: 'x'.repeat(100_000), bytes: Buffer.alloc(70_000, 5) },
]

test('frames come out as they went in, however the bytes are cut', () => {
  const bytes = Buffer.concat(frames.map((frame) => encodeFrame(frame)))
  for (const step of [1, 3, 7, 19, 64, 1000, 65_536, bytes.length]) {
    const seen: Frame[] = []
    const read = createFrameReader(1024 * 1024, (frame) =>
      seen.push({ ...frame, bytes: Buffer.from(frame.bytes) }),
    )
    for (let at = 0; at < bytes.length; at += step) read(Buffer.from(bytes.subarray(at, at + step)))
    expect(seen).toEqual(frames)
  }
})

test('a length that is too great or too small is a breach, before anything is stored', () => {
  const read = () => createFrameReader(1000, () => {})
  const huge = Buffer.alloc(4)
  huge.writeUInt32LE(0xffffffff)
  expect(() => read()(huge)).toThrow(FrameBreach)
  expect(() => read()(Buffer.from([3, 0, 0, 0, 1, 2, 3]))).toThrow(FrameBreach)
})

test('a head longer than its frame is a breach', () => {
  const frame = encodeFrame({ kind: KIND.head, run: 1, head: '[]' })
  frame.writeUInt32LE(500, 16)
  expect(() => createFrameReader(1000, () => {})(frame)).toThrow(FrameBreach)
})
