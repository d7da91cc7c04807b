/** What one call may bring into the isolate or take out of it; larger files are for `copy`, `move`, `http.download`. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024
/** Entries `list`, `walk` and `glob` give at most. */
export const MAX_ENTRIES = 10_000

/** How long a link of `url` holds when nothing is said. */
export const DEFAULT_LINK_MS = 86_400_000

/** What crosses for a file or folder. */
export interface Entry {
  name: string
  /** From the root, without a slash in front. */
  path: string
  size: number
  isDir: boolean
  mimeType: string
  updatedAt: Date
}

/** Functions of the room that call the host under their own name and give back what it answers. */
export const PLAIN_CALLS = [
  'read',
  'readBytes',
  'readBase64',
  'write',
  'append',
  'exists',
  'delete',
  'list',
  'mkdir',
  'size',
  'mimeType',
  'copy',
  'move',
  'rename',
  'glob',
  'zip',
  'unzip',
] as const
