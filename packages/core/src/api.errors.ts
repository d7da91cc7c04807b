import { defineErrors } from '@m3m/base'

/** Errors of the border itself, whatever procedure was called. */
export const apiErrors = defineErrors({
  API_INPUT: {
    blame: 'user',
    status: 400,
    text: (_: object) => 'The input has mistakes; each is named with its field.',
  },
  API_NO_PROCEDURE: {
    blame: 'user',
    status: 404,
    text: (p: { procedure: string }) =>
      `This agent has no ${p.procedure}: it is of another version than its caller. Update the older of the two.`,
  },
  API_REQUEST: {
    blame: 'user',
    status: 400,
    text: (p: { reason: string }) => `The API does not know this request: ${p.reason}.`,
  },
})
