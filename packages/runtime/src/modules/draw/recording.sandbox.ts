// What is drawn is recorded here and sent when a picture is asked for: thousands of commands cost one call.
import type { Kernel } from '../../sandbox/kernel.port.ts'
import { drawTexts, MAX_COMMANDS, type Drawing } from './draw.contract.ts'

/** A picture of the storage that can be drawn. */
export class DrawnImage {
  readonly path: string
  readonly width: number
  readonly height: number

  constructor(path: string, width: number, height: number) {
    this.path = path
    this.width = width
    this.height = height
  }
}

/** A gradient or pattern, named in commands by its number. */
export class Paint {
  readonly #recording: Recording
  readonly paint: number

  constructor(recording: Recording, paint: number) {
    this.#recording = recording
    this.paint = paint
  }
  addColorStop(offset: unknown, color: unknown): void {
    this.#recording.add('stop', this.paint, [offset, color])
  }
}

/** Fonts the service has loaded, for both spellings. */
export const loadedFonts = new Map<string, string>()

/** Commands of one canvas. */
export class Recording {
  readonly #kernel: Kernel
  readonly #size: { width: number; height: number }
  readonly #commands: unknown[][] = []
  readonly #images: string[] = []
  #paints = 0

  constructor(kernel: Kernel, size: { width: number; height: number }) {
    this.#kernel = kernel
    this.#size = size
  }

  add(kind: string, name: unknown, args: readonly unknown[]): void {
    if (this.#commands.length >= MAX_COMMANDS) {
      throw this.#kernel.error('DRAW_TOO_MANY_COMMANDS', drawTexts.DRAW_TOO_MANY_COMMANDS())
    }
    this.#commands.push([kind, name, ...args.map((value) => this.#plain(value))])
  }
  paint(kind: string, args: readonly unknown[]): Paint {
    this.add('paint', kind, args)
    return new Paint(this, this.#paints++)
  }
  /** What the host draws. */
  drawing(): Drawing {
    const fonts = [...loadedFonts].map(([name, path]) => ({ name, path }))
    return { ...this.#size, commands: this.#commands, images: this.#images, fonts }
  }

  #plain(value: unknown): unknown {
    if (value instanceof Paint) return { paint: value.paint }
    if (!(value instanceof DrawnImage)) return value
    const there = this.#images.indexOf(value.path)
    return { image: there >= 0 ? there : this.#images.push(value.path) - 1 }
  }
}
