// oxlint-disable typescript/no-explicit-any -- only the author knows what a file holds; `unknown` would mark every use of it red in JavaScript
/** A file or folder of the storage. */
interface StorageEntry {
  name: string
  /** From the root, without a slash in front. */
  path: string
  /** Bytes; 0 for folders. */
  size: number
  isDir: boolean
  /** By the name's ending; `''` for folders. */
  mimeType: string
  /** In the `$` spelling Unix seconds. */
  updatedAt: Date
  /** As `getUrl` gives it; only of `$storage.stat`. */
  url?: string
}

/** Files below a folder; `storage` itself is the root, `storage.tmp` the folder `tmp`. */
interface StorageFolder {
  /** The text of a file, read as UTF-8. @throws STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_TOO_LARGE beyond 50 MB */
  read(path: string): Promise<string>
  /** The bytes of a file. @throws STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_TOO_LARGE beyond 50 MB */
  readBytes(path: string): Promise<Uint8Array>
  /** The bytes of a file as base64. @throws STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_TOO_LARGE beyond 50 MB */
  readBase64(path: string): Promise<string>
  /** The value of a JSON file. @throws STORAGE_NOT_FOUND, STORAGE_JSON_INVALID */
  readJson(path: string): Promise<any>
  /**
   * Writes a whole file, and the folders above it. A reader sees the old file or the new one, never half of it.
   * @returns true
   * @throws STORAGE_KIND, STORAGE_CONTENT_INVALID, STORAGE_TOO_LARGE beyond 50 MB, STORAGE_QUOTA, STORAGE_DISK_FULL
   */
  write(path: string, content: string | Uint8Array): Promise<true>
  /** Writes a value as JSON. @param indent Default 2. @throws as `write` */
  writeJson(path: string, value: unknown, indent?: number): Promise<true>
  /** Adds at the end of a file; makes it when it is not there. @throws as `write` */
  append(path: string, content: string | Uint8Array): Promise<true>
  /** Whether there is a file or folder; false for anything that cannot be one. */
  exists(path: string): Promise<boolean>
  /** Removes a file or a folder with all in it, never the root. Nothing there is fine. @throws STORAGE_PATH */
  delete(path: string): Promise<true>
  /** Names in a folder, sorted. @param path Default the root. @throws STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_TOO_MANY beyond 10,000 */
  list(path?: string): Promise<string[]>
  /** Everything below a folder, sorted by path. @throws STORAGE_NOT_FOUND, STORAGE_TOO_MANY beyond 10,000 */
  walk(path?: string): Promise<StorageEntry[]>
  /** Makes a folder and those above it; fine when it is there. @throws STORAGE_KIND */
  mkdir(path: string): Promise<true>
  /** What is known of a file or folder. @throws STORAGE_NOT_FOUND */
  stat(path: string): Promise<StorageEntry>
  /** Bytes of a file. @throws STORAGE_NOT_FOUND, STORAGE_KIND */
  size(path: string): Promise<number>
  /** Media type by the ending of the name. */
  mimeType(path: string): Promise<string>
  /** Copies a file or folder; folders above the target are made, a file there is replaced. @throws STORAGE_NOT_FOUND, STORAGE_EXISTS */
  copy(from: string, to: string): Promise<true>
  /** Moves a file or folder; folders above the target are made. @throws STORAGE_NOT_FOUND, STORAGE_EXISTS */
  move(from: string, to: string): Promise<true>
  /** As `move`, but the folder of the target must be there. @throws STORAGE_NOT_FOUND, STORAGE_EXISTS */
  rename(from: string, to: string): Promise<true>
  /** Paths that fit a pattern: `*` and `?` within a name, `[abc]`, and `**` for any folders. @throws STORAGE_TOO_MANY */
  glob(pattern: string): Promise<string[]>
  /**
   * A signed address of a file, for whoever it is given to; the panel's port answers there. It ends with the file, and
   * by itself. Change what signs all of them by a new `jwt.secret`.
   * @param options.expires Milliseconds from now, `'1h'`, a Date, or `'never'`. Default a day.
   * @throws STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_EXPIRY_INVALID
   */
  url(path: string, options?: { expires?: number | string | Date }): Promise<string>
  /** The address of a file, as in the original: it does not end, and nothing need be there yet. */
  getUrl(path: string): Promise<string>
  /** The path as the other functions take it. Never a place on the server. */
  getPath(path: string): string
  /** Packs files and folders into a ZIP file. @throws STORAGE_NOT_FOUND */
  zip(paths: string | string[], to: string): Promise<true>
  /**
   * Unpacks a ZIP file into a folder: nothing outside of it, no links, at most 10,000 entries and 1 GB.
   * @throws STORAGE_NOT_FOUND, ARCHIVE_INVALID, ARCHIVE_PATH_INVALID, ARCHIVE_TOO_LARGE
   */
  unzip(path: string, toFolder: string): Promise<true>
}

/**
 * The project's files, as in the panel's file manager. Paths begin at the project's own root, a first slash may be
 * missing; nothing outside of it can be reached: STORAGE_PATH.
 */
interface StorageModule extends StorageFolder {
  /** The same functions below the folder `tmp`. Nothing is removed from it by itself. */
  readonly tmp: StorageFolder
}
