import { defineErrors } from '@m3m/base'
import { drawTexts } from './draw.contract.ts'

/** Thrown inside the isolate; what the helper process says is in tools/jobs/draw.errors.ts. */
export const drawRoomErrors = defineErrors({
  DRAW_CANVAS_TOO_LARGE: { blame: 'user', status: 413, text: drawTexts.DRAW_CANVAS_TOO_LARGE },
  DRAW_TOO_MANY_COMMANDS: { blame: 'user', status: 413, text: drawTexts.DRAW_TOO_MANY_COMMANDS },
  DRAW_FONT_UNKNOWN: { blame: 'user', status: 400, text: drawTexts.DRAW_FONT_UNKNOWN },
})
