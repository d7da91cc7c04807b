import { toBase64 } from '../../sandbox/bytes.ts'
import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { createContext } from './context.sandbox.ts'
import { drawTexts, MAX_PIXELS, MAX_SIDE } from './draw.contract.ts'
import { DrawnImage, loadedFonts, Recording } from './recording.sandbox.ts'
import { createSimpleCalls } from './simple.sandbox.ts'

export const room: SandboxRoom = (lane, kernel) => ({
  createCanvas: (width: unknown = 100, height: unknown = 100) =>
    createCanvas(lane, kernel, { width, height }),
  loadImage: (path: unknown) =>
    lane.map(
      lane.call<{ width: number; height: number }>('draw.loadImage', [path]),
      ({ width, height }) => new DrawnImage(String(path), width, height),
    ),
  loadFont: (name: unknown, path: unknown) =>
    lane.map(lane.call<true>('draw.loadFont', [name, path]), () => {
      loadedFonts.set(String(name), String(path))
      return true
    }),
})

function createCanvas(lane: Lane, kernel: Kernel, given: { width: unknown; height: unknown }): object {
  const side = (value: unknown) => Math.max(1, Math.trunc(Number(value)) || 100)
  const size = { width: side(given.width), height: side(given.height) }
  if (size.width > MAX_SIDE || size.height > MAX_SIDE || size.width * size.height > MAX_PIXELS) {
    throw kernel.error('DRAW_CANVAS_TOO_LARGE', drawTexts.DRAW_CANVAS_TOO_LARGE(size))
  }
  const recording = new Recording(kernel, size)
  const context = createContext(lane, recording)
  const bytes = (format: unknown, options: unknown) =>
    lane.call<{ type: string; bytes: Uint8Array }>('draw.bytes', [recording.drawing(), format, options])
  return {
    ...createSimpleCalls(context, kernel, size),
    /** The context of the web; the calls of the original draw on the same canvas. */
    getContext: (kind: unknown) => (kind === '2d' ? context : null),
    drawImage: (image: unknown, ...args: unknown[]) => context['drawImage']!(image, ...args),
    save: (path: unknown, options?: unknown) =>
      lane.call<true>('draw.save', [recording.drawing(), path, options]),
    toBytes: (format: unknown = 'png', options?: unknown) =>
      lane.map(bytes(format, options), (made) => made.bytes),
    toBase64: (format: unknown = 'png', options?: unknown) =>
      lane.map(bytes(format, options), (made) => `data:${made.type};base64,${toBase64(made.bytes)}`),
  }
}
