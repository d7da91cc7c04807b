import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type * as CanvasModule from '@napi-rs/canvas'

/** The family texts are drawn with unless another is named: Latin, Cyrillic, Greek and more, the same on every machine. */
export const DEFAULT_FONT = 'DejaVu Sans'

const FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono.ttf', 'DejaVuSerif.ttf']

type Canvas = typeof CanvasModule
let loaded: Promise<Canvas> | undefined

/** The canvas library with the default fonts known to it. */
export function canvasLibrary(): Promise<Canvas> {
  return (loaded ??= load())
}

async function load(): Promise<Canvas> {
  const canvas = await import('@napi-rs/canvas')
  const folder = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'))
  for (const file of FILES) canvas.GlobalFonts.registerFromPath(join(folder, 'ttf', file))
  return canvas
}
