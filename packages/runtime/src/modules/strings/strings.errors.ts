import { defineErrors } from '@m3m/base'

/** Thrown inside the isolate (sandbox/text/strings.ts); listed here for the reference. */
export const stringsErrors = defineErrors({
  STRINGS_TOO_LONG: {
    blame: 'user',
    status: 413,
    text: (p: { call: string; length: number; limit: number }) =>
      `"${p.call}" would make a text of ${p.length} characters; ${p.limit} are allowed.`,
  },
})
