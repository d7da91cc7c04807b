import { defineErrors } from '@m3m/base'

/** What goes wrong with a project's files, whoever touches them (storage, image, draw, http, smtp). */
export const filesErrors = defineErrors({
  STORAGE_PATH_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { path: string; reason: string }) => `"${p.path}" is no path in the storage: ${p.reason}.`,
  },
  STORAGE_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { path: string }) => `There is no "${p.path}" in the storage.`,
  },
  STORAGE_IS_FOLDER: {
    blame: 'user',
    status: 409,
    text: (p: { path: string }) => `"${p.path}" is a folder; name a file.`,
  },
  STORAGE_IS_FILE: {
    blame: 'user',
    status: 409,
    text: (p: { path: string }) => `"${p.path}" is a file; name a folder.`,
  },
  STORAGE_NOT_EMPTY: {
    blame: 'user',
    status: 409,
    text: (p: { path: string }) =>
      `There is something at "${p.path}" already; delete it or choose another name.`,
  },
  STORAGE_ROOT_PROTECTED: {
    blame: 'user',
    status: 409,
    text: () => `The whole storage cannot be deleted or moved from code; name what is inside.`,
  },
  STORAGE_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { path: string; limitBytes: number }) =>
      `"${p.path}" is larger than the ${Math.round(p.limitBytes / 1048576)} MB allowed here.`,
  },
  STORAGE_TOO_MANY: {
    blame: 'user',
    status: 413,
    text: (p: { what: string; limit: number }) => `There are more than ${p.limit} ${p.what}; narrow it down.`,
  },
  STORAGE_QUOTA_EXCEEDED: {
    blame: 'user',
    status: 413,
    text: (p: { path: string; quotaBytes: number }) =>
      `"${p.path}" does not fit: the project's storage may hold ${Math.round(p.quotaBytes / 1048576)} MB; delete something.`,
  },
  STORAGE_DISK_FULL: {
    blame: 'host',
    status: 507,
    text: (p: { path: string }) => `"${p.path}" could not be written: the disk is full.`,
  },
})
