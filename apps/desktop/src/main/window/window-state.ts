import { z } from 'zod'
import { createJsonFile, type JsonFile } from '../files/json-file.ts'

const rectangleSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
})
const stateSchema = z.object({
  bounds: rectangleSchema.nullable(),
  maximized: z.boolean(),
  /** Which agent it showed; null for the list. */
  agent: z.string().nullable(),
})
/** As many windows as anybody can tell apart; a file that says more is damaged. */
const fileSchema = z.object({ windows: z.array(stateSchema).max(50) })

export type Rectangle = z.output<typeof rectangleSchema>
/** Where a window was. `bounds` null: nowhere yet. */
export type WindowState = z.output<typeof stateSchema>

/** Narrower than this the panel's phone layout begins, lower the editor has no lines left. */
export const LEAST_SIZE = { width: 480, height: 360 } as const
const FIRST_SIZE = { width: 1440, height: 900 } as const
/** So much of a window has to be on a display for its title bar to be caught by a pointer. */
const VISIBLE_PX = 64

/** The windows that were open, the one used last at the end. */
export function createWindowStateFile(path: string): JsonFile<{ windows: WindowState[] }> {
  return createJsonFile({ path, schema: fileSchema, empty: { windows: [] } })
}

/**
 * Bounds to open with: the remembered ones when they still lie on a display (one may have been unplugged),
 * else the first size in the middle of `displays[0]`, the primary.
 */
export function openingBounds(remembered: Rectangle | null, displays: readonly Rectangle[]): Rectangle {
  if (remembered && displays.some((display) => overlaps(remembered, display)))
    return {
      ...remembered,
      width: Math.max(remembered.width, LEAST_SIZE.width),
      height: Math.max(remembered.height, LEAST_SIZE.height),
    }
  const area = displays[0] ?? { x: 0, y: 0, ...FIRST_SIZE }
  const width = Math.min(FIRST_SIZE.width, area.width)
  const height = Math.min(FIRST_SIZE.height, area.height)
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  }
}

function overlaps(window: Rectangle, display: Rectangle): boolean {
  const across = Math.min(window.x + window.width, display.x + display.width) - Math.max(window.x, display.x)
  const topInside = window.y >= display.y && window.y <= display.y + display.height - VISIBLE_PX
  return across >= VISIBLE_PX && topInside
}
