import { type Logger, messageOf } from '@m3m/base'
import { z } from 'zod'
import { createJsonFile } from '../files/json-file.ts'

/** The system's keychain, as far as the vault needs it. */
export interface KeychainCipher {
  /** False when there is none, or only one that keeps its key beside the data (`basic_text` on Linux). */
  isStrong(): Promise<boolean>
  encrypt(text: string): Promise<Uint8Array>
  /** `stale`: the keychain got another key; encrypt again. */
  decrypt(bytes: Uint8Array): Promise<{ text: string; stale: boolean }>
}

/** Refresh tokens of the agents, unreadable at rest. */
export interface TokenVault {
  /** `memory`: no keychain, so nothing is written and a restart of the app signs out. */
  readonly store: 'keychain' | 'memory'
  /** Null when there is none, or when the keychain cannot read it any more. */
  get(agentId: string): Promise<string | null>
  has(agentId: string): boolean
  set(agentId: string, token: string): Promise<void>
  remove(agentId: string): Promise<void>
}

const fileSchema = z.object({ version: z.literal(1), tokens: z.record(z.string(), z.base64()) })

export async function openTokenVault(options: {
  path: string
  cipher: KeychainCipher
  logger: Logger
}): Promise<TokenVault> {
  const { path, cipher, logger } = options
  if (!(await cipher.isStrong())) {
    logger.warn('this computer has no keychain: sign-ins are kept in memory only, until the app is closed')
    return createMemoryVault()
  }
  const empty: z.output<typeof fileSchema> = { version: 1, tokens: {} }
  const onDamaged = (keptAs: string) =>
    logger.warn(`${path} was damaged and is kept as ${keptAs}; sign in again`)
  const file = createJsonFile({ path, schema: fileSchema, empty, onDamaged })
  const { tokens } = await file.read()
  const save = () => file.write({ version: 1, tokens })

  async function set(agentId: string, token: string): Promise<void> {
    tokens[agentId] = Buffer.from(await cipher.encrypt(token)).toString('base64')
    await save()
  }

  return {
    store: 'keychain',
    has: (agentId) => agentId in tokens,
    set,
    async get(agentId) {
      const kept = tokens[agentId]
      if (kept === undefined) return null
      try {
        const { text, stale } = await cipher.decrypt(Buffer.from(kept, 'base64'))
        if (stale) await set(agentId, text)
        return text
      } catch (error) {
        logger.warn(`the keychain cannot read the sign-in of agent ${agentId} any more: ${messageOf(error)}`)
        delete tokens[agentId]
        await save()
        return null
      }
    },
    async remove(agentId) {
      if (!(agentId in tokens)) return
      delete tokens[agentId]
      await save()
    },
  }
}

function createMemoryVault(): TokenVault {
  const tokens = new Map<string, string>()
  return {
    store: 'memory',
    has: (agentId) => tokens.has(agentId),
    get: async (agentId) => tokens.get(agentId) ?? null,
    set: async (agentId, token) => void tokens.set(agentId, token),
    remove: async (agentId) => void tokens.delete(agentId),
  }
}
