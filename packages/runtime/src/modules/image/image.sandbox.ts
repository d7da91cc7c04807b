import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import type { Step } from './image.contract.ts'

export const room: SandboxRoom = (lane) => {
  const run = (from: unknown, to: unknown, step: Step, options?: unknown) =>
    lane.call<true>('image.run', [from, [step], to, options])
  return {
    info: (path: unknown) => lane.call('image.info', [path]),
    resize: (from: unknown, to: unknown, width: unknown, height: unknown) =>
      run(from, to, { op: 'resize', args: [width, height] }),
    resizeKeepRatio: (from: unknown, to: unknown, width: unknown, height: unknown) =>
      run(from, to, { op: 'fit', args: [width, height] }),
    crop: (from: unknown, to: unknown, ...part: unknown[]) => run(from, to, { op: 'crop', args: part }),
    thumbnail: (from: unknown, to: unknown, size: unknown) =>
      run(from, to, { op: 'thumbnail', args: [size] }),
    rotate: (from: unknown, to: unknown, ...args: unknown[]) => run(from, to, { op: 'rotate', args }),
    flip: (from: unknown, to: unknown, ...args: unknown[]) => run(from, to, { op: 'flip', args }),
    grayscale: (from: unknown, to: unknown) => run(from, to, { op: 'grayscale', args: [] }),
    blur: (from: unknown, to: unknown, ...args: unknown[]) => run(from, to, { op: 'blur', args }),
    composite: (from: unknown, to: unknown, ...args: unknown[]) => run(from, to, { op: 'composite', args }),
    watermark: (from: unknown, to: unknown, ...args: unknown[]) => run(from, to, { op: 'watermark', args }),
    convert: (from: unknown, to: unknown, options?: unknown) =>
      lane.call<true>('image.run', [from, [], to, options]),
    readAsBase64: (path: unknown) => lane.call<string>('image.readAsBase64', [path]),
    open: (path: unknown) => createChain(lane, path, []),
  }
}

/** Changes in order; nothing happens before `save`. Each call gives a new chain, so that one may be the start of several. */
function createChain(lane: Lane, path: unknown, steps: readonly Step[]): object {
  const add =
    (op: string) =>
    (...args: unknown[]) =>
      createChain(lane, path, [...steps, { op, args }])
  return {
    resize: add('resize'),
    resizeKeepRatio: add('fit'),
    crop: add('crop'),
    thumbnail: add('thumbnail'),
    rotate: add('rotate'),
    flip: add('flip'),
    grayscale: add('grayscale'),
    blur: add('blur'),
    composite: add('composite'),
    watermark: add('watermark'),
    save: (to: unknown, options?: unknown) => lane.call<true>('image.run', [path, steps, to, options]),
  }
}
