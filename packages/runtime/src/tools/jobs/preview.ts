import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@m3m/base'
import type { ToolJob } from '../tool-job.ts'
import { asImageError, imageLibrary, MAX_PIXELS } from './image.ts'

export interface PreviewInput {
  /** Absolute path of the picture. */
  source: string
  /** Folder of the previews that were made before; made when absent. */
  folder: string
  /** Pixels; null for one side: as the other one makes it. */
  width: number | null
  height: number | null
  /** `cover` fills both sides and cuts what stands out; `inside` keeps the whole picture and enlarges nothing. */
  fit: 'cover' | 'inside'
  /** What a cover keeps of a picture that is too high or too wide; default the middle. */
  from?: 'top' | 'bottom'
}

/**
 * A small WebP of a picture, kept under the hash of the picture's content: equal pictures share one, a changed
 * picture gets another. Answers with the name of the file in `folder`.
 */
export const preview: ToolJob<PreviewInput, { file: string }> = async (input) => {
  try {
    const source = await readFile(input.source)
    const hash = createHash('sha256').update(source).digest('hex')
    const { width, height, fit, from = '' } = input
    const file = `${hash}-${fit}${from}-${width ?? 0}x${height ?? 0}.webp`
    const target = join(input.folder, file)
    if (!(await exists(target))) await put(target, await render(source, input))
    return { output: { file } }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw asImageError(error)
  }
}

async function render(source: Buffer, { width, height, fit, from }: PreviewInput): Promise<Buffer> {
  const make = await imageLibrary()
  // Read in one pass from above: a large picture is made small while it is decoded.
  const picture = make(source, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true })
  return picture
    .autoOrient()
    .resize(width, height, { fit, withoutEnlargement: fit === 'inside', ...(from && { position: from }) })
    .webp({ quality: 80 })
    .toBuffer()
}

async function put(target: string, bytes: Buffer): Promise<void> {
  await mkdir(join(target, '..'), { recursive: true, mode: 0o700 })
  const temporary = `${target}.${process.pid}`
  try {
    await writeFile(temporary, bytes, { mode: 0o600 })
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
