import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import { configErrors } from './config.errors.ts'
import { createPrivateFile } from './private-file.ts'
import type { AgentConfig } from './read-config.ts'

/** 256 bits: the output size of HS256's hash, the least RFC 7518 §3.2 allows. */
const SECRET_BYTES = 32
const LEAST_CHARACTERS = 32
/** A random text of 32 characters of any usual alphabet has more distinct ones; a repeated word has fewer. */
const LEAST_DISTINCT = 12
const PLACEHOLDER =
  /change|secret|example|default|password|placeholder|your[-_ ]|replace|insert|qwerty|12345/i

/**
 * The secret that signs sign-ins: `jwt.secret`, else the file beside the data, made at first start (0600).
 *
 * @throws CONFIG_WEAK_SECRET for one that is short, repetitive or a placeholder; CONFIG_SECRET_FILE
 */
export function jwtSecret(config: AgentConfig): { secret: string; file: string; created: boolean } {
  refuseWeakSecret(config)
  const file = fileOf(config)
  if (config.jwt.secret !== undefined) return { secret: config.jwt.secret, file, created: false }
  try {
    const created = !existsSync(file) && createPrivateFile(file, newSecret())
    const secret = readFileSync(file, 'utf8').trim()
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
    const reason = weakness(secret)
    if (reason) throw configErrors.CONFIG_SECRET_FILE({ file, reason })
    return { secret, file, created }
  } catch (error) {
    if ((error as { code?: string }).code === 'CONFIG_SECRET_FILE') throw error
    throw configErrors.CONFIG_SECRET_FILE({ file, reason: messageOf(error) }, { cause: error })
  }
}

/** Looks at `jwt.secret` alone and touches nothing. @throws CONFIG_WEAK_SECRET */
export function refuseWeakSecret(config: AgentConfig): void {
  const { secret } = config.jwt
  const reason = secret === undefined ? null : weakness(secret)
  if (reason === null) return
  const place = config.placeOf(['jwt', 'secret'])
  throw configErrors.CONFIG_WEAK_SECRET({ place, reason, file: fileOf(config) })
}

const newSecret = () => `${randomBytes(SECRET_BYTES).toString('base64url')}\n`

const fileOf = (config: AgentConfig): string => join(config.datastore.path, 'jwt.secret')

/** Why a secret must not be used, or `null`. */
export function weakness(secret: string): string | null {
  if (secret.length < LEAST_CHARACTERS)
    return `it has ${secret.length} characters, at least ${LEAST_CHARACTERS} are needed`
  if (PLACEHOLDER.test(secret)) return 'it reads like a placeholder'
  if (new Set(secret).size < LEAST_DISTINCT) return 'it repeats a few characters'
  return null
}
