import type { ToolJob } from '../tool-job.ts'
import type { UnzipInput, ZipInput } from './archive.ts'
import type { DrawInput, DrawOutput } from './draw.ts'
import type { ImageFacts, ImageInput } from './image.ts'
import type { PreviewInput } from './preview.ts'
import type { CodeFile, StripResult } from './strip.ts'

/** Every job by name, with what goes in and what comes out. */
export interface ToolJobs {
  strip: { input: readonly CodeFile[]; output: StripResult }
  draw: { input: DrawInput; output: DrawOutput }
  image: { input: ImageInput; output: ImageFacts }
  preview: { input: PreviewInput; output: { file: string } }
  zip: { input: ZipInput; output: { bytes: number } }
  unzip: { input: UnzipInput; output: { bytes: number; entries: number } }
}

// Loaded when first asked for: a helper that only strips types never loads an image library.
const loaders: {
  [K in keyof ToolJobs]: (
    input: ToolJobs[K]['input'],
  ) => Promise<ToolJob<ToolJobs[K]['input'], ToolJobs[K]['output']>>
} = {
  strip: async (input) => {
    const { loadStripper, strip } = await import('./strip.ts')
    loadStripper(input)
    return strip
  },
  draw: async () => (await import('./draw.ts')).draw,
  image: async () => (await import('./image.ts')).image,
  preview: async () => (await import('./preview.ts')).preview,
  zip: async () => (await import('./archive.ts')).zip,
  unzip: async () => (await import('./archive.ts')).unzip,
}

/** The code of a job, with all that this input needs. @throws when there is none of that name: the pool and the helper are not of one version. */
export async function loadJob(name: string, input: unknown): Promise<ToolJob<unknown, unknown>> {
  const load = Object.hasOwn(loaders, name) ? loaders[name as keyof ToolJobs] : undefined
  if (!load) throw new Error(`There is no job "${name}".`)
  return (await load(input as never)) as ToolJob<unknown, unknown>
}
