import { defineErrors } from '@m3m/base'

/** Errors of the border itself, whatever procedure was called. */
export const apiErrors = defineErrors({
  API_INPUT: {
    blame: 'user',
    status: 400,
    text: (_: object) => 'The input has mistakes; each is named with its field.',
  },
  API_REQUEST: {
    blame: 'user',
    status: 400,
    text: (p: { reason: string }) => `The API does not know this request: ${p.reason}.`,
  },
})
