import { defineErrors } from '@m3m/base'

/** What only this room says; what concerns every file is in packages/data/src/storage/storage.errors.ts. */
export const storageRoomErrors = defineErrors({
  STORAGE_CONTENT_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { path: string }) =>
      `What is written to "${p.path}" must be a text or bytes; use writeJson for other values.`,
  },
  STORAGE_JSON_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { path: string; reason: string }) => `"${p.path}" holds no valid JSON: ${p.reason}.`,
  },
  STORAGE_EXPIRY_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { expires: string }) =>
      `A link cannot end at "${p.expires}"; use milliseconds, a text such as '1h', a Date to come, or 'never'.`,
  },
  STORAGE_TOO_MANY: {
    blame: 'user',
    status: 413,
    text: (p: { path: string; limit: number }) =>
      `There are more than ${p.limit} entries below "${p.path}"; ask for a folder further down.`,
  },
})
