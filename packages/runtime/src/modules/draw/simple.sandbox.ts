// The calls of the original's canvas (fogleman/gg), told to a 2D context. Shapes are drawn at once; `fill…` fills.
import type { Kernel } from '../../sandbox/kernel.port.ts'
import { drawTexts } from './draw.contract.ts'
import type { Context2d } from './context.sandbox.ts'
import { loadedFonts } from './recording.sandbox.ts'

const NAMES = new Set([
  'black',
  'white',
  'red',
  'green',
  'blue',
  'yellow',
  'cyan',
  'magenta',
  'gray',
  'grey',
  'orange',
  'purple',
  'pink',
  'brown',
  'transparent',
])
const DEFAULT_FONT = 'DejaVu Sans'
// The bitmap face of the original is 13 pixels high.
const DEFAULT_SIZE = 13

/** A colour as the original reads it: names, `#RGB`, `#RRGGBB`, `#RRGGBBAA`; anything else is black. `rgb()` and `hsl()` are read too. */
export function colorOf(value: unknown): string {
  const text = String(value).trim().toLowerCase()
  return NAMES.has(text) ||
    /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.test(text) ||
    /^(?:rgb|hsl)a?\([\d\s.,%/deg]+\)$/.test(text)
    ? text
    : '#000000'
}

const number = (value: unknown): number => Number(value) || 0

export function createSimpleCalls(
  context: Context2d,
  kernel: Kernel,
  size: { width: number; height: number },
) {
  let font = DEFAULT_FONT
  let fontSize = DEFAULT_SIZE
  const useFont = () => (context['font'] = `${fontSize}px "${font}"` as never)
  const shape =
    (path: (...args: number[]) => void, finish: 'stroke' | 'fill') =>
    (...args: unknown[]): void => {
      context['beginPath']!()
      path(...args.map(number))
      context[finish]!()
    }
  const paths = pathsOf(context)
  useFont()
  return {
    setColor(color: unknown) {
      context['fillStyle'] = colorOf(color) as never
      context['strokeStyle'] = colorOf(color) as never
    },
    setLineWidth: (width: unknown) => void (context['lineWidth'] = Math.max(0, number(width)) as never),
    clear(color: unknown = 'white') {
      context['save']!()
      context['resetTransform']!()
      context['globalCompositeOperation'] = 'copy' as never
      context['fillStyle'] = colorOf(color) as never
      context['fillRect']!(0, 0, size.width, size.height)
      context['restore']!()
    },
    rect: shape(paths.rect, 'stroke'),
    fillRect: shape(paths.rect, 'fill'),
    circle: shape(paths.circle, 'stroke'),
    fillCircle: shape(paths.circle, 'fill'),
    line: shape(paths.line, 'stroke'),
    ellipse: shape(paths.ellipse, 'stroke'),
    fillEllipse: shape(paths.ellipse, 'fill'),
    arc: shape(paths.arc, 'stroke'),
    roundedRect: shape(paths.rounded, 'stroke'),
    fillRoundedRect: shape(paths.rounded, 'fill'),
    polygon: (points: unknown) => shape(() => paths.polygon(points), 'stroke')(),
    fillPolygon: (points: unknown) => shape(() => paths.polygon(points), 'fill')(),
    ...textCalls(context),
    setFont(name: unknown) {
      const wanted = String(name)
      if (wanted !== DEFAULT_FONT && !loadedFonts.has(wanted)) {
        throw kernel.error('DRAW_FONT_UNKNOWN', drawTexts.DRAW_FONT_UNKNOWN({ name: wanted }))
      }
      font = wanted
      useFont()
    },
    setFontSize(pixels: unknown) {
      fontSize = Math.max(1, number(pixels))
      useFont()
    },
    translate: (x: unknown, y: unknown) => void context['translate']!(number(x), number(y)),
    rotate: (radians: unknown) => void context['rotate']!(number(radians)),
    scale: (x: unknown, y: unknown) => void context['scale']!(number(x), number(y)),
    push: () => void context['save']!(),
    pop: () => void context['restore']!(),
    width: () => size.width,
    height: () => size.height,
  }
}

function pathsOf(context: Context2d) {
  return {
    rect: (x = 0, y = 0, width = 0, height = 0) => void context['rect']!(x, y, width, height),
    circle: (x = 0, y = 0, radius = 0) => void context['arc']!(x, y, Math.abs(radius), 0, Math.PI * 2),
    line(x1 = 0, y1 = 0, x2 = 0, y2 = 0) {
      context['moveTo']!(x1, y1)
      context['lineTo']!(x2, y2)
    },
    ellipse: (x = 0, y = 0, rx = 0, ry = 0) =>
      void context['ellipse']!(x, y, Math.abs(rx), Math.abs(ry), 0, 0, Math.PI * 2),
    arc: (...[x = 0, y = 0, radius = 0, from = 0, to = 0]: number[]) =>
      void context['arc']!(x, y, Math.abs(radius), from, to),
    rounded: (...[x = 0, y = 0, width = 0, height = 0, radius = 0]: number[]) =>
      void context['roundRect']!(x, y, width, height, Math.abs(radius)),
    polygon(points: unknown) {
      if (!Array.isArray(points)) return
      points.forEach((point: unknown, i) => {
        const [x, y] = Array.isArray(point) ? (point as unknown[]) : []
        context[i === 0 ? 'moveTo' : 'lineTo']!(number(x), number(y))
      })
      context['closePath']!()
    },
  }
}

function textCalls(context: Context2d) {
  const write = (align: string, baseline: string) => (text: unknown, x: unknown, y: unknown) => {
    context['textAlign'] = align as never
    context['textBaseline'] = baseline as never
    context['fillText']!(text === undefined || text === null ? '' : String(text), number(x), number(y))
  }
  return { text: write('left', 'alphabetic'), textCentered: write('center', 'middle') }
}
