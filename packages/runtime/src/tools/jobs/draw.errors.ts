import { defineErrors } from '@m3m/base'

/** Why nothing was drawn. */
export const drawErrors = defineErrors({
  DRAW_FONT_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { name: string }) => `The font "${p.name}" cannot be read; use a TTF, OTF or WOFF file.`,
  },
  DRAW_IMAGE_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { reason: string }) => `A picture that was to be drawn cannot be read: ${p.reason}.`,
  },
  DRAW_ARGUMENT_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { what: string; expected: string }) => `${p.what} must be ${p.expected}.`,
  },
})
