import { isHonestText } from '@m3m/base'
import { storageErrors } from './storage.errors.ts'

/** ext4, APFS and NTFS take 255 bytes in one name; the rest keeps paths below every system's limit. */
const MAX_NAME_BYTES = 255
const MAX_PATH_BYTES = 1024
const MAX_DEPTH = 32

/** Device names of Windows, with any extension: an archive of the storage must unpack there too. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i

/**
 * A path inside the storage in its one spelling: relative, `/` between names, Unicode NFC (so that the two
 * spellings of "é" are one file), no `.`, no empty names. `''` is the root.
 *
 * Refused: `..`, absolute paths, backslashes, half characters, device names of Windows, names that end in a dot or a
 * space, too long or too deep ones. A colon is a name's like any other: agents run where it is none of the system's.
 * Control characters and those that turn the direction of text are no reason to refuse what is there already and wants
 * to be looked at, renamed or removed; nothing new gets such a name ({@link newStoragePath}). @throws STORAGE_PATH
 */
export function storagePath(input: unknown): string {
  if (typeof input !== 'string') throw refused(String(input), 'it is no text')
  if (!input.isWellFormed())
    throw refused(input.toWellFormed(), 'it holds half a character (a lone surrogate)')
  if (input === '/' || input === '') return ''
  if (input.startsWith('/')) throw refused(input, 'it begins with "/"; paths are relative to the storage')
  if (input.includes('\\')) throw refused(input, 'it holds a backslash; use "/"')
  const names = input
    .normalize('NFC')
    .split('/')
    .filter((name) => name !== '' && name !== '.')
  for (const name of names) checkName(input, name)
  if (names.length > MAX_DEPTH) throw refused(input, `it is deeper than ${MAX_DEPTH} folders`)
  const path = names.join('/')
  if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw refused(input, `it is longer than ${MAX_PATH_BYTES} bytes`)
  return path
}

/** As {@link storagePath}, for what is about to be made: each name is shown as it is written. @throws STORAGE_PATH */
export function newStoragePath(input: unknown): string {
  const path = storagePath(input)
  for (const name of path.split('/')) checkNewName(path, name)
  return path
}

/** @throws STORAGE_PATH */
export function checkNewName(path: string, name: string): void {
  if (!isHonestText(name))
    throw refused(path, 'it holds a control character, or one that turns the direction of text')
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function checkName(path: string, name: string): void {
  if (name === '..') throw refused(path, '".." would leave its folder')
  // No system has a name with it, and Node refuses to ask for one.
  if (name.includes('\0')) throw refused(path, 'it holds a null character')
  if (/[. ]$/.test(name)) throw refused(path, 'a name ends in a dot or a space')
  if (DEVICE.test(name)) throw refused(path, `"${name}" is a device on Windows`)
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw refused(path, `a name is longer than ${MAX_NAME_BYTES} bytes`)
}

function refused(path: string, problem: string) {
  return storageErrors.STORAGE_PATH({ path: path.slice(0, 200), problem })
}
