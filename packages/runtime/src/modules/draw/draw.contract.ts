/** Longest side of a canvas. */
export const MAX_SIDE = 16_384
/** runtime-api.md, "Limits": 64 megapixels. */
export const MAX_PIXELS = 64_000_000
/** Commands one canvas may hold. */
export const MAX_COMMANDS = 100_000

/** A picture as it crosses from the isolate. */
export interface Drawing {
  width: number
  height: number
  commands: unknown[][]
  /** Paths in the storage; commands name images by their place here. */
  images: string[]
  fonts: { name: string; path: string }[]
}

/** The texts of this room's errors that are thrown inside the isolate. */
export const drawTexts = {
  DRAW_CANVAS_TOO_LARGE: (p: { width: number; height: number }) =>
    `A canvas of ${p.width} × ${p.height} is too large; ${MAX_PIXELS / 1_000_000} megapixels and sides of ${MAX_SIDE} are allowed.`,
  DRAW_TOO_MANY_COMMANDS: () =>
    `More than ${MAX_COMMANDS} commands were drawn on one canvas; save it and go on with a new one.`,
  DRAW_FONT_UNKNOWN: (p: { name: string }) =>
    `There is no font "${p.name}"; load it with draw.loadFont first.`,
}
