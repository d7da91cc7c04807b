import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import { configErrors } from './config.errors.ts'
import { createPrivateFile } from './private-file.ts'

/** AES-256 takes exactly this. */
export const KEY_BYTES = 32

/**
 * The keys that seal variables of the type Secret, 32 bytes each in base64url, from the file beside the data
 * (0600, made at first start). One key a line: the first seals, all open, so that a key can be replaced by
 * putting a new one above it.
 *
 * @throws CONFIG_KEY_FILE for a file that cannot be read or holds something else: a damaged key is never
 *   replaced by a new one, which would make every stored secret unreadable
 */
export function secretKeys(dataFolder: string): string[] {
  const file = join(dataFolder, 'secrets.key')
  try {
    if (!existsSync(file)) createPrivateFile(file, `${randomBytes(KEY_BYTES).toString('base64url')}\n`)
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
    const keys = readFileSync(file, 'utf8').trim().split(/\s+/)
    const broken = keys.findIndex((key) => !isKey(key))
    if (broken >= 0) throw new Error(`key ${broken + 1} is not ${KEY_BYTES} bytes in base64url`)
    return keys
  } catch (error) {
    throw configErrors.CONFIG_KEY_FILE({ file, reason: messageOf(error) }, { cause: error })
  }
}

function isKey(text: string): boolean {
  return /^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === KEY_BYTES
}
