import { createProjectFiles, type ProjectFiles } from '../../files/project-files.ts'
import type { CallContext, HostContext, HostModule } from '../../module/define-module.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import { drawErrors } from '../../tools/jobs/draw.errors.ts'
import type { DrawCommand, DrawInput } from '../../tools/jobs/draw.ts'
import { MAX_COMMANDS, MAX_PIXELS, MAX_SIDE } from './draw.contract.ts'

const MAX_FILE_BYTES = 20 * 1024 * 1024
const FORMATS: Record<string, DrawInput['format']> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
}

/** Recorded pictures, drawn by a helper process: a blur over a large canvas blocks for seconds. */
export function createDrawHost(context: HostContext): HostModule {
  const files = createProjectFiles(context)
  const run = (input: DrawInput, { signal, remainingMs }: CallContext) =>
    context.tools.run('draw', input, { deadlineMs: remainingMs, signal })

  return {
    calls: {
      async save([drawing, path, options], call) {
        const target = files.path(path)
        const ending = /\.([a-z0-9]+)$/i.exec(target)?.[1]?.toLowerCase() ?? 'png'
        const input = await checkDrawing(drawing, files, {
          format: FORMATS[ending] ?? 'png',
          quality: qualityOf(options),
        })
        await files.put(target, (temporary) => run({ ...input, to: temporary }, call))
        return true
      },
      async bytes([drawing, format, options], call) {
        const name = String(format ?? 'png').toLowerCase()
        const input = await checkDrawing(drawing, files, {
          format: FORMATS[name] ?? 'jpeg',
          quality: qualityOf(options),
        })
        return { type: `image/${input.format}`, bytes: (await run(input, call)).bytes }
      },
      async measure([drawing, text], call) {
        const input = await checkDrawing(drawing, files, { format: 'png', quality: 85 })
        const { output } = await run(
          { ...input, width: 1, height: 1, measure: [String(text).slice(0, 10_000)] },
          call,
        )
        return output.measured[0]
      },
      async loadImage([path], { signal, remainingMs }) {
        const source = await files.locate(path, MAX_FILE_BYTES)
        const job = { source, format: 'png', quality: 85, steps: [] }
        const { output } = await context.tools.run('image', job, { deadlineMs: remainingMs, signal })
        return { width: output.width, height: output.height }
      },
      async loadFont([name, path], call) {
        const font = { name: fontName(name), path: await files.locate(path, MAX_FILE_BYTES) }
        // Drawn with once, so that a file that is no font is found here and not at the end.
        await run(
          {
            width: 1,
            height: 1,
            commands: [],
            images: [],
            fonts: [font],
            format: 'png',
            quality: 85,
            measure: ['a'],
          },
          call,
        )
        return true
      },
    },
  }
}

async function checkDrawing(
  value: unknown,
  files: ProjectFiles,
  output: Pick<DrawInput, 'format' | 'quality'>,
): Promise<DrawInput> {
  if (!isPlainObject(value)) throw wrong('The drawing', 'a canvas')
  const { width, height, commands, images, fonts } = value
  if (!isSide(width) || !isSide(height) || width * height > MAX_PIXELS)
    throw wrong('The canvas', `at most ${MAX_SIDE} wide and high`)
  if (!Array.isArray(commands) || commands.length > MAX_COMMANDS || !commands.every(isCommand))
    throw wrong('The drawing', 'a list of commands')
  if (!Array.isArray(images) || images.length > 200) throw wrong('The pictures', 'at most 200')
  if (!Array.isArray(fonts) || fonts.length > 50) throw wrong('The fonts', 'at most 50')
  return {
    ...output,
    width,
    height,
    commands,
    images: await Promise.all(images.map((path) => files.locate(path, MAX_FILE_BYTES))),
    fonts: await Promise.all(
      fonts.map(async (font: unknown) => {
        const { name, path } = isPlainObject(font) ? font : {}
        return { name: fontName(name), path: await files.locate(path, MAX_FILE_BYTES) }
      }),
    ),
  }
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SIDE
}

function isCommand(value: unknown): value is DrawCommand {
  return Array.isArray(value) && value.length <= 12 && typeof value[0] === 'string'
}

function fontName(value: unknown): string {
  if (typeof value === 'string' && /^[\p{L}\p{N} _.-]{1,100}$/u.test(value)) return value
  throw wrong('The name of a font', 'a text of letters, digits, blanks and hyphens')
}

function qualityOf(options: unknown): number {
  const quality = Number((options as { quality?: unknown } | undefined)?.quality ?? 85)
  if (quality >= 1 && quality <= 100) return Math.round(quality)
  throw wrong('The quality', 'a number from 1 to 100')
}

function wrong(what: string, expected: string): Error {
  return drawErrors.DRAW_ARGUMENT_INVALID({ what, expected })
}
