import { createProjectFiles } from '../../files/project-files.ts'
import type { CallContext, HostContext, HostModule } from '../../module/define-module.ts'
import type { ImageFacts } from '../../tools/jobs/image.ts'
import { imageErrors } from '../../tools/jobs/image.errors.ts'
import { checkSteps } from './image-steps.host.ts'
import { MAX_SOURCE_BYTES } from './image.contract.ts'

const FORMATS: Record<string, string> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tif: 'tiff',
  tiff: 'tiff',
}

/** Pictures of the storage, changed by a helper process: what they hold came from anywhere. */
export function createImageHost(context: HostContext): HostModule {
  const files = createProjectFiles(context)
  const run = async (input: object, { signal, remainingMs }: CallContext): Promise<ImageFacts> => {
    const job = { format: 'png', quality: 85, steps: [], ...input } as never
    return (await context.tools.run('image', job, { deadlineMs: remainingMs, signal })).output
  }
  const info = async (path: unknown, call: CallContext) =>
    run({ source: await files.locate(path, MAX_SOURCE_BYTES) }, call)

  return {
    calls: {
      info: ([path], call) => info(path, call),
      async run([from, steps, to, options], call) {
        const source = await files.locate(from, MAX_SOURCE_BYTES)
        const target = files.path(to)
        const checked = await checkSteps(steps, files)
        const format = await formatOf(target, options, () => info(from, call))
        await files.put(target, (temporary) =>
          run({ source, steps: checked, to: temporary, format, quality: qualityOf(options) }, call),
        )
        return true
      },
      async readAsBase64([path], call) {
        const { format } = await info(path, call)
        const bytes = await files.storage.read(files.path(path), MAX_SOURCE_BYTES)
        const type = format === 'svg' ? 'svg+xml' : format === 'heif' ? 'avif' : format
        return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`
      },
    },
  }
}

/** By the option, then the target's ending; for an unknown ending as the original: PNG for a PNG, else JPEG. */
async function formatOf(target: string, options: unknown, info: () => Promise<ImageFacts>): Promise<string> {
  const named = (options as { format?: unknown } | undefined)?.format
  if (named !== undefined) {
    const format = String(named).toLowerCase()
    if (!Object.hasOwn(FORMATS, format))
      throw imageErrors.IMAGE_FORMAT_UNKNOWN({ format: format.slice(0, 50) })
    return FORMATS[format]!
  }
  const ending = /\.([a-z0-9]+)$/i.exec(target)?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(FORMATS, ending)) return FORMATS[ending]!
  return (await info()).format === 'png' ? 'png' : 'jpeg'
}

function qualityOf(options: unknown): number {
  const quality = Number((options as { quality?: unknown } | undefined)?.quality ?? 85)
  if (quality >= 1 && quality <= 100) return Math.round(quality)
  throw imageErrors.IMAGE_ARGUMENT_INVALID({ step: 'quality', expected: 'a number from 1 to 100' })
}
