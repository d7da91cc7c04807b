import { defineErrors } from '@m3m/base'

/** Why an archive was not made or read. */
export const archiveErrors = defineErrors({
  ARCHIVE_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { reason: string }) => `This is no archive that can be read: ${p.reason}.`,
  },
  ARCHIVE_PATH_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { path: string }) =>
      `The archive's entry "${p.path}" would leave its folder or is a link; nothing was unpacked.`,
  },
  ARCHIVE_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { what: string; limit: number }) =>
      `The archive holds more than ${p.limit} ${p.what}; nothing was unpacked.`,
  },
})
