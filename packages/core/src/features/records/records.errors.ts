import { defineErrors } from '@m3m/base'

export const recordsErrors = defineErrors({
  RECORDS_IMPORT_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { maxMb: number }) => `The file has more than ${p.maxMb} MiB; split it. Nothing was written.`,
  },
  IMPORT_BUSY: {
    blame: 'user',
    status: 429,
    text: (p: { limit: number }) =>
      `${p.limit} imports of this project are under way already; wait for one to end.`,
  },
  RECORDS_EXPORT_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { maxChars: number }) =>
      `The export has more than ${p.maxChars} characters; narrow it by a filter, or download it as a file.`,
  },
})
