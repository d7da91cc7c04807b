import { defineErrors } from '@m3m/base'

/** What only this room says; what concerns every file is in files/files.errors.ts. */
export const storageErrors = defineErrors({
  STORAGE_CONTENT_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { path: string }) => `What is written to "${p.path}" must be a text or bytes; use writeJson for other values.`,
  },
  STORAGE_JSON_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { path: string; reason: string }) => `"${p.path}" holds no valid JSON: ${p.reason}.`,
  },
})
