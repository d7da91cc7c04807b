// The context of a canvas as in browsers (WHATWG HTML, "CanvasRenderingContext2D"), recorded.
import type { Lane } from '../../sandbox/lane.ts'
import type { Paint, Recording } from './recording.sandbox.ts'

const CALLS = [
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
]
const DEFAULTS: Record<string, unknown> = {
  fillStyle: '#000000',
  strokeStyle: '#000000',
  lineWidth: 1,
  lineCap: 'butt',
  lineJoin: 'miter',
  miterLimit: 10,
  lineDashOffset: 0,
  font: '10px "DejaVu Sans"',
  textAlign: 'start',
  textBaseline: 'alphabetic',
  direction: 'ltr',
  globalAlpha: 1,
  globalCompositeOperation: 'source-over',
  shadowBlur: 0,
  shadowColor: 'rgba(0, 0, 0, 0)',
  shadowOffsetX: 0,
  shadowOffsetY: 0,
  filter: 'none',
  imageSmoothingEnabled: true,
  imageSmoothingQuality: 'low',
  letterSpacing: '0px',
  wordSpacing: '0px',
}

export type Context2d = Record<string, unknown> & Record<string, (...args: unknown[]) => unknown>

/** Makes the context; a font without a family is drawn with the default one. */
export function createContext(lane: Lane, recording: Recording): Context2d {
  let state: Record<string, unknown> = { ...DEFAULTS }
  const saved: Record<string, unknown>[] = []
  const context = {} as Context2d
  for (const name of CALLS) define(context, name, (...args: unknown[]) => recording.add('call', name, args))
  for (const name of Object.keys(DEFAULTS)) {
    Object.defineProperty(context, name, {
      get: () => state[name],
      set: (value: unknown) => {
        state[name] = value
        recording.add('set', name, [value])
      },
      enumerable: true,
    })
  }
  const paint =
    (kind: string) =>
    (...args: unknown[]): Paint =>
      recording.paint(kind, args)
  define(context, 'createLinearGradient', paint('linear'))
  define(context, 'createRadialGradient', paint('radial'))
  define(context, 'createConicGradient', paint('conic'))
  define(context, 'createPattern', paint('pattern'))
  define(context, 'save', () => {
    saved.push({ ...state })
    recording.add('call', 'save', [])
  })
  define(context, 'restore', () => {
    const before = saved.pop()
    if (before) state = before
    recording.add('call', 'restore', [])
  })
  define(context, 'measureText', (text: unknown) => lane.call('draw.measure', [recording.drawing(), text]))
  recording.add('set', 'font', [DEFAULTS['font']])
  return context
}

function define(context: Context2d, name: string, value: (...args: unknown[]) => unknown): void {
  Object.defineProperty(context, name, { value, enumerable: true })
}
