import type { ProjectFiles } from '../../files/project-files.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import type { ImageStep } from '../../tools/jobs/image.ts'
import { imageErrors } from '../../tools/jobs/image.errors.ts'
import { MAX_SOURCE_BYTES, MAX_STEPS } from './image.contract.ts'

const GRAVITIES = new Set([
  'center',
  'centre',
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
])
const COLOR = /^(?:#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,20}|rgba?\([\d\s.,%/]{1,40}\))$/

/** The changes of a chain, every number within what makes sense. */
export async function checkSteps(value: unknown, files: ProjectFiles): Promise<ImageStep[]> {
  if (!Array.isArray(value) || value.length > MAX_STEPS) throw wrong('image', `at most ${MAX_STEPS} changes`)
  const steps: ImageStep[] = []
  for (const item of value as unknown[]) {
    const { op, args } = isPlainObject(item) ? item : {}
    const check = Object.hasOwn(checks, String(op)) ? checks[String(op)]! : null
    if (!check || !Array.isArray(args)) throw wrong(String(op), 'to be a known change')
    steps.push(await check(args, files))
  }
  return steps
}

function wrong(step: string, expected: string): Error {
  return imageErrors.IMAGE_ARGUMENT_INVALID({ step, expected })
}

function number(step: string, name: string, value: unknown, [min, max]: [number, number]): number {
  const given = Number(value)
  if (value === null || !(given >= min && given <= max)) throw wrong(step, `a ${name} from ${min} to ${max}`)
  return given
}
const pixels = (step: string, name: string, value: unknown): number =>
  Math.round(number(step, name, value, [1, 65_535]))
const place = (step: string, name: string, value: unknown): number =>
  Math.round(number(step, name, value, [0, 65_535]))

type Check = (args: unknown[], files: ProjectFiles) => ImageStep | Promise<ImageStep>

const checks: Record<string, Check> = {
  resize: ([width, height]) => ({
    op: 'resize',
    width: pixels('resize', 'width', width),
    height: pixels('resize', 'height', height),
  }),
  fit: ([width, height]) => ({
    op: 'fit',
    width: pixels('resizeKeepRatio', 'width', width),
    height: pixels('resizeKeepRatio', 'height', height),
  }),
  crop: ([x, y, width, height]) => ({
    op: 'crop',
    x: place('crop', 'x', x),
    y: place('crop', 'y', y),
    width: pixels('crop', 'width', width),
    height: pixels('crop', 'height', height),
  }),
  thumbnail: ([size]) => ({ op: 'thumbnail', size: pixels('thumbnail', 'size', size) }),
  rotate: ([degrees, background]) => ({
    op: 'rotate',
    degrees: number('rotate', 'number of degrees', degrees, [-36_000, 36_000]),
    background: color('rotate', background, '#00000000'),
  }),
  flip: ([direction = 'horizontal']) => {
    if (direction !== 'horizontal' && direction !== 'vertical')
      throw wrong('flip', "'horizontal' or 'vertical'")
    return { op: 'flip', direction }
  },
  grayscale: () => ({ op: 'grayscale' }),
  blur: ([sigma = 3]) => ({ op: 'blur', sigma: number('blur', 'sigma', sigma, [0.3, 100]) }),
  composite: async ([source, options], files) => {
    const given = optionsOf(options)
    return {
      op: 'composite',
      source: await files.locate(source, MAX_SOURCE_BYTES),
      ...(given['x'] !== undefined && { x: place('composite', 'x', given['x']) }),
      ...(given['y'] !== undefined && { y: place('composite', 'y', given['y']) }),
      ...look('composite', given, 'centre'),
    }
  },
  watermark: async ([options], files) => {
    const given = typeof options === 'string' ? { text: options } : optionsOf(options)
    const shown = look('watermark', { opacity: 0.5, ...given }, 'southeast')
    if (given['image'] !== undefined)
      return { op: 'composite', source: await files.locate(given['image'], MAX_SOURCE_BYTES), ...shown }
    const text = String(given['text'] ?? '')
    // oxlint-disable-next-line no-control-regex
    if (text === '' || text.length > 200 || /[\u0000-\u001f]/.test(text))
      throw wrong('watermark', 'a text of one line, at most 200 characters, or an image')
    const size = Math.round(number('watermark', 'size', given['size'] ?? 24, [6, 1_000]))
    return { op: 'label', text, size, color: color('watermark', given['color'], '#ffffff'), ...shown }
  },
}

function optionsOf(value: unknown): Record<string, unknown> {
  return isPlainObject(value) ? value : {}
}

function color(step: string, value: unknown, otherwise: string): string {
  if (value === undefined || value === null) return otherwise
  if (typeof value === 'string' && COLOR.test(value)) return value
  throw wrong(step, 'a colour such as #ff8800 or white')
}

function look(
  step: string,
  given: Record<string, unknown>,
  otherwise: string,
): { gravity: string; opacity: number } {
  const gravity = String(given['position'] ?? otherwise)
    .replaceAll('-', '')
    .replace('bottom', 'south')
    .replace('top', 'north')
    .replace('right', 'east')
    .replace('left', 'west')
  if (!GRAVITIES.has(gravity)) throw wrong(step, "a position such as 'center', 'top-left' or 'bottom-right'")
  return {
    gravity: gravity === 'center' ? 'centre' : gravity,
    opacity: number(step, 'opacity', given['opacity'] ?? 1, [0, 1]),
  }
}
