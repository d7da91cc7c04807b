import { defineErrors } from '@m3m/base'

export const recordsErrors = defineErrors({
  RECORDS_EXPORT_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { maxChars: number }) =>
      `The export has more than ${p.maxChars} characters; narrow it by a filter, or download it as a file.`,
  },
})
