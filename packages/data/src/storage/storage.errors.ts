import { defineErrors } from '@m3m/base'

export const storageErrors = defineErrors({
  STORAGE_PATH: {
    blame: 'user',
    status: 400,
    text: (p: { path: string; problem: string }) => `The path "${p.path}" cannot be used: ${p.problem}.`,
  },
  STORAGE_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { path: string }) => `There is nothing at "${p.path}" in the storage.`,
  },
  STORAGE_EXISTS: {
    blame: 'user',
    status: 409,
    text: (p: { path: string }) =>
      `There is something at "${p.path}" already; choose another name or overwrite it.`,
  },
  STORAGE_KIND: {
    blame: 'user',
    status: 409,
    text: (p: { path: string; wanted: 'file' | 'folder' }) => `"${p.path}" is no ${p.wanted}.`,
  },
  STORAGE_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { path: string; limit: number }) =>
      `The file "${p.path}" has more than ${p.limit} bytes, the most for this call.`,
  },
  STORAGE_QUOTA: {
    blame: 'user',
    status: 413,
    text: (p: { usedBytes: number; quotaBytes: number }) =>
      `The storage of this project is full: ${p.usedBytes} of ${p.quotaBytes} bytes are used; remove files or raise the quota.`,
  },
  STORAGE_DISK_FULL: {
    blame: 'host',
    status: 507,
    text: (p: { path: string }) =>
      `The disk of the agent is full; "${p.path}" was not written, nothing was changed.`,
  },
  STORAGE_PART: {
    blame: 'user',
    status: 409,
    text: (p: { path: string; receivedBytes: number; startBytes: number }) =>
      `Of "${p.path}" ${p.receivedBytes} bytes have come; what was sent begins at ${p.startBytes}. Ask how far it is, and send the rest.`,
  },
  STORAGE_TAKEN_OVER: {
    blame: 'user',
    status: 409,
    text: (_: object) => 'Another request goes on with this upload; this one was ended.',
  },
  STORAGE_UPLOADS: {
    blame: 'user',
    status: 429,
    text: (p: { max: number }) =>
      `${p.max} uploads of this project are unfinished, the most there may be; finish or cancel some, or wait for a day.`,
  },
  STORAGE_ARCHIVE_TOO_MANY: {
    blame: 'user',
    status: 413,
    text: (p: { max: number }) => `There are more than ${p.max} files in it; choose less at a time.`,
  },
})
