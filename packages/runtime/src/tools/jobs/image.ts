import { readFile } from 'node:fs/promises'
import { AppError, messageOf } from '@m3m/base'
import type sharp from 'sharp'
import type { Metadata, OverlayOptions, Sharp } from 'sharp'
import type { ToolJob } from '../tool-job.ts'
import { imageErrors } from './image.errors.ts'
import { drawLabel } from './label.ts'

/** One change of a picture, in the order they were asked for. */
export type ImageStep =
  | { op: 'resize' | 'fit'; width: number; height: number }
  | { op: 'crop'; x: number; y: number; width: number; height: number }
  | { op: 'thumbnail'; size: number }
  | { op: 'rotate'; degrees: number; background: string }
  | { op: 'flip'; direction: 'horizontal' | 'vertical' }
  | { op: 'grayscale' }
  | { op: 'blur'; sigma: number }
  | { op: 'composite'; source: string; x?: number; y?: number; gravity: string; opacity: number }
  | { op: 'label'; text: string; size: number; color: string; gravity: string; opacity: number }

export interface ImageInput {
  /** Absolute paths. */
  source: string
  /** Without it only the facts of the source come back. */
  to?: string
  format: string
  quality: number
  steps: ImageStep[]
}

export interface ImageFacts {
  width: number
  height: number
  format: string
}

/** runtime-api.md, "Limits". */
export const MAX_PIXELS = 64_000_000

/** Reads a picture, changes it, writes it. Every step has a picture of its own, so the order is the author's. */
export const image: ToolJob<ImageInput, ImageFacts> = async (input) => {
  const make = await imageLibrary()
  try {
    const source = await readFile(input.source)
    const facts = await factsOf(make(source, READ).metadata())
    if (input.to === undefined) return { output: facts }
    let picture = await still(make, make(source, { ...READ, ...densityOf(facts) }).autoOrient())
    for (const step of input.steps) picture = await apply(make, picture, step)
    const { width, height } = await written(make, picture, input)
    return { output: { width, height, format: input.format } }
  } catch (error) {
    throw asImageError(error)
  }
}

// Never more than the limit is decoded, and what is half broken is an error, not half a picture.
const READ = { limitInputPixels: MAX_PIXELS, failOn: 'error' } as const

/** Loaded once, kept small: no cache, one thread. */
export async function imageLibrary(): Promise<typeof sharp> {
  const { default: make } = await import('sharp')
  make.cache(false)
  make.concurrency(1)
  return make
}

/** Drawings are read at the resolution they name. */
function densityOf({ format }: ImageFacts): { density?: number } {
  return format === 'svg' ? { density: 96 } : {}
}

async function factsOf(reading: Promise<Metadata>): Promise<ImageFacts> {
  const { width, height, format, autoOrient } = await reading
  const facts = {
    width: autoOrient?.width ?? width,
    height: autoOrient?.height ?? height,
    format: String(format),
  }
  bounded(facts.width, facts.height)
  return facts
}

/** A finished picture in memory, whose size is known. */
interface Still {
  data: Buffer
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 }
}

async function still(_make: typeof sharp, picture: Sharp): Promise<Still> {
  const { data, info } = await picture
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, raw: { width: info.width, height: info.height, channels: info.channels as 4 } }
}

async function apply(make: typeof sharp, { data, raw }: Still, step: ImageStep): Promise<Still> {
  const picture = make(data, { raw, limitInputPixels: MAX_PIXELS })
  return still(make, await changed(make, picture, step, raw))
}

async function changed(
  make: typeof sharp,
  picture: Sharp,
  step: ImageStep,
  { width, height }: Still['raw'],
): Promise<Sharp> {
  switch (step.op) {
    case 'resize':
      bounded(step.width, step.height)
      return picture.resize(step.width, step.height, { fit: 'fill' })
    case 'fit':
      bounded(step.width, step.height)
      return picture.resize(step.width, step.height, { fit: 'inside' })
    case 'thumbnail':
      bounded(step.size, step.size)
      return picture.resize(step.size, step.size, { fit: 'cover', position: 'centre' })
    case 'crop':
      if (step.x + step.width > width || step.y + step.height > height)
        throw imageErrors.IMAGE_OUT_OF_RANGE({ width, height })
      return picture.extract({ left: step.x, top: step.y, width: step.width, height: step.height })
    case 'rotate':
      bounded(width + height, width + height, 2)
      return picture.rotate(step.degrees, { background: step.background })
    case 'flip':
      return step.direction === 'vertical' ? picture.flip() : picture.flop()
    case 'grayscale':
      return picture.grayscale()
    case 'blur':
      return picture.blur(step.sigma)
    default:
      return picture.composite([await overlayOf(make, step, { width, height })])
  }
}

type Overlay = Extract<ImageStep, { op: 'composite' | 'label' }>

async function overlayOf(
  make: typeof sharp,
  step: Overlay,
  base: { width: number; height: number },
): Promise<OverlayOptions> {
  const opened = step.op === 'label' ? make(await drawLabel(step)) : make(await readFile(step.source), READ)
  // An overlay larger than the picture would be refused; it is fitted in instead.
  const fitted = await still(
    make,
    opened.resize(base.width, base.height, { fit: 'inside', withoutEnlargement: true }),
  )
  for (let i = 3; i < fitted.data.length; i += 4) fitted.data[i] = Math.round(fitted.data[i]! * step.opacity)
  const at =
    step.op === 'composite' && step.x !== undefined && step.y !== undefined
      ? { left: step.x, top: step.y }
      : { gravity: step.gravity }
  return { input: fitted.data, raw: fitted.raw, ...at }
}

async function written(make: typeof sharp, { data, raw }: Still, { to, format, quality }: ImageInput) {
  const picture = make(data, { raw, limitInputPixels: MAX_PIXELS })
  switch (format) {
    case 'png':
      return picture.png().toFile(to!)
    case 'jpeg':
      // JPEG has no transparency: what is behind it is white, not black.
      return picture.flatten({ background: '#ffffff' }).jpeg({ quality, mozjpeg: true }).toFile(to!)
    case 'webp':
      return picture.webp({ quality }).toFile(to!)
    case 'avif':
      return picture.avif({ quality, effort: 2 }).toFile(to!)
    case 'gif':
      return picture.gif().toFile(to!)
    case 'tiff':
      return picture.tiff({ quality }).toFile(to!)
    default:
      throw imageErrors.IMAGE_FORMAT_UNKNOWN({ format })
  }
}

function bounded(width: number, height: number, slack = 1): void {
  if (width * height > MAX_PIXELS * slack)
    throw imageErrors.IMAGE_TOO_LARGE({ width, height, limit: MAX_PIXELS })
}

/** What sharp says, as an error with a code. */
export function asImageError(error: unknown): Error {
  if (error instanceof AppError) return error
  const reason = messageOf(error).split('\n')[0]!.replace(/\.$/, '').slice(0, 200)
  if (/pixel limit/i.test(reason))
    return imageErrors.IMAGE_TOO_LARGE({ width: 0, height: 0, limit: MAX_PIXELS }, { cause: error })
  return imageErrors.IMAGE_INVALID({ reason }, { cause: error })
}
