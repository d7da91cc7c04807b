import { defineErrors } from '@m3m/base'

/** What only this room says; what concerns every request is in outbound/http.errors.ts. */
export const httpRoomErrors = defineErrors({
  HTTP_JSON_INVALID: {
    blame: 'user',
    status: 502,
    text: (p: { url: string; reason: string }) => `The answer of "${p.url}" is no valid JSON: ${p.reason}.`,
  },
})
