import { readFile, writeFile } from 'node:fs/promises'
import type { Canvas, CanvasRenderingContext2D, FontKey, Image } from '@napi-rs/canvas'
import { messageOf } from '@m3m/base'
import type { ToolJob } from '../tool-job.ts'
import { drawErrors } from './draw.errors.ts'
import { canvasLibrary } from './fonts.ts'

/** A command as it was recorded: `['call', name, ...]`, `['set', name, value]`, or the making of a paint. */
export type DrawCommand = readonly unknown[]

export interface DrawInput {
  width: number
  height: number
  commands: DrawCommand[]
  /** Absolute paths; commands name images by their place here. */
  images: string[]
  fonts: { name: string; path: string }[]
  format: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif'
  quality: number
  /** Where the file goes; without it the bytes come back. */
  to?: string
  /** Measures these texts after the commands, instead of making a picture. */
  measure?: string[]
}

export interface DrawOutput {
  /** What `measureText` says, one for each text. */
  measured: Record<string, number>[]
}

/** Draws a recorded picture. Only members of these lists are ever touched. */
export const draw: ToolJob<DrawInput, DrawOutput> = async (input) => {
  const library = await canvasLibrary()
  const keys = input.fonts.map(({ name, path }): FontKey => {
    const key = library.GlobalFonts.registerFromPath(path, name)
    if (!key) throw drawErrors.DRAW_FONT_INVALID({ name })
    return key
  })
  try {
    const images = await Promise.all(
      input.images.map(async (path) => library.loadImage(await readFile(path))),
    ).catch((error: unknown) => {
      throw drawErrors.DRAW_IMAGE_INVALID({ reason: messageOf(error) }, { cause: error })
    })
    const canvas = library.createCanvas(input.width, input.height)
    const context = canvas.getContext('2d')
    replay(context, input.commands, images)
    if (input.measure) return { output: { measured: input.measure.map((text) => measured(context, text)) } }
    const bytes = await encode(canvas, input)
    if (input.to === undefined) return { output: { measured: [] }, bytes }
    await writeFile(input.to, bytes, { mode: 0o600, flag: 'wx' })
    return { output: { measured: [] } }
  } finally {
    // The next job may be another project's.
    library.GlobalFonts.removeBatch(keys)
  }
}

const CALLS = new Set([
  'fillRect',
  'strokeRect',
  'clearRect',
  'beginPath',
  'closePath',
  'moveTo',
  'lineTo',
  'bezierCurveTo',
  'quadraticCurveTo',
  'arc',
  'arcTo',
  'ellipse',
  'rect',
  'roundRect',
  'fill',
  'stroke',
  'clip',
  'save',
  'restore',
  'translate',
  'rotate',
  'scale',
  'transform',
  'setTransform',
  'resetTransform',
  'fillText',
  'strokeText',
  'drawImage',
  'setLineDash',
])
const PROPERTIES = new Set([
  'fillStyle',
  'strokeStyle',
  'lineWidth',
  'lineCap',
  'lineJoin',
  'miterLimit',
  'lineDashOffset',
  'font',
  'textAlign',
  'textBaseline',
  'direction',
  'globalAlpha',
  'globalCompositeOperation',
  'shadowBlur',
  'shadowColor',
  'shadowOffsetX',
  'shadowOffsetY',
  'filter',
  'imageSmoothingEnabled',
  'imageSmoothingQuality',
  'letterSpacing',
  'wordSpacing',
])

type Paint = { addColorStop?(offset: number, color: string): void }
type Members = Record<string, (...args: unknown[]) => unknown> & Record<string, unknown>

function replay(
  context: CanvasRenderingContext2D,
  commands: readonly DrawCommand[],
  images: readonly Image[],
): void {
  const target = context as unknown as Members
  const paints: Paint[] = []
  const real = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const { paint, image } = value as { paint?: number; image?: number }
    return paint === undefined ? images[image!] : paints[paint]
  }
  for (const [kind, name, ...args] of commands) {
    const member = String(name)
    if (kind === 'call' && CALLS.has(member)) target[member]!(...args.map(real))
    else if (kind === 'set' && PROPERTIES.has(member))
      (target as Record<string, unknown>)[member] = real(args[0])
    else if (kind === 'paint') paints.push(paintOf(context, member, args.map(real)))
    else if (kind === 'stop') paints[Number(name)]?.addColorStop?.(Number(args[0]), String(args[1]))
  }
}

function paintOf(context: CanvasRenderingContext2D, kind: string, args: unknown[]): Paint {
  const numbers = args.map(Number)
  if (kind === 'linear') return context.createLinearGradient(...(numbers as [number, number, number, number]))
  if (kind === 'radial')
    return context.createRadialGradient(...(numbers as [number, number, number, number, number, number]))
  if (kind === 'conic') return context.createConicGradient(...(numbers as [number, number, number]))
  // Not in the library's declarations, but in the library.
  const { createPattern } = context as unknown as {
    createPattern(image: unknown, repetition: unknown): Paint
  }
  return createPattern.call(context, args[0], args[1] ?? 'repeat')
}

function measured(context: CanvasRenderingContext2D, text: string): Record<string, number> {
  const {
    width,
    actualBoundingBoxAscent,
    actualBoundingBoxDescent,
    actualBoundingBoxLeft,
    actualBoundingBoxRight,
  } = context.measureText(text)
  const { fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText(text)
  return {
    width,
    actualBoundingBoxAscent,
    actualBoundingBoxDescent,
    actualBoundingBoxLeft,
    actualBoundingBoxRight,
    fontBoundingBoxAscent,
    fontBoundingBoxDescent,
  }
}

function encode(canvas: Canvas, { format, quality }: DrawInput): Promise<Buffer> {
  if (format === 'png') return canvas.encode('png')
  if (format === 'avif') return canvas.encode('avif', { quality })
  return canvas.encode(format as 'jpeg', quality)
}
