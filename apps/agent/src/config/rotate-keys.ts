import { randomBytes } from 'node:crypto'
import { appendFileSync, closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KEY_BYTES, secretKeys } from './secret-keys.ts'

/** Where keys go that seal nothing any more: older backups are still sealed with them. */
export const RETIRED_FILE = 'secrets.key.retired'

/**
 * Puts a new key above the one there is, unless a rotation that was cut off has left two: then that one is gone on
 * with. From here on either key opens, so a kill at any later moment loses nothing.
 */
export function beginRotation(dataFolder: string): { keys: string[]; isResumed: boolean } {
  const keys = secretKeys(dataFolder)
  if (keys.length > 1) return { keys, isResumed: true }
  const next = [randomBytes(KEY_BYTES).toString('base64url'), ...keys]
  replaceKeys(dataFolder, next)
  return { keys: next, isResumed: false }
}

/** Everything is sealed with the first key: the others leave the file, into a list beside it. */
export function endRotation(dataFolder: string, [first, ...old]: readonly string[]): void {
  // First kept, then taken away: twice in the list is harmless.
  const retired = join(dataFolder, RETIRED_FILE)
  appendFileSync(retired, old.map((key) => `${key}\n`).join(''), { mode: 0o600, flush: true })
  replaceKeys(dataFolder, [first!])
}

/** Whole and on disk, or not at all: written beside, synced, renamed. */
function replaceKeys(dataFolder: string, keys: readonly string[]): void {
  const file = join(dataFolder, 'secrets.key')
  const draft = `${file}.${process.pid}`
  const descriptor = openSync(draft, 'w', 0o600)
  try {
    writeSync(descriptor, `${keys.join('\n')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(draft, file)
  const folder = openSync(dirname(file), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
