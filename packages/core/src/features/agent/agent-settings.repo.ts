import type { Db } from 'mongodb'
import { isDuplicateKey } from '../../duplicate-key.ts'
import type { AgentSection, AgentSettings } from './agent-settings.schema.ts'

/** One section as it was set in the panel. */
export interface StoredSection<S extends AgentSection = AgentSection> {
  value: AgentSettings[S]
  at: Date
  by: string
}

export interface AgentSettingsDoc {
  _id: 'agent'
  revision: number
  sections: { [S in AgentSection]?: StoredSection<S> }
  /** Sealed by the agent's key; only ever of the mail server that `sections.mail` names. */
  mailPassword: string | null
}

export type AgentSettingsRepo = ReturnType<typeof createAgentSettingsRepo>

export function createAgentSettingsRepo(db: Db) {
  const settings = db.collection<AgentSettingsDoc>('settings')
  return {
    get: () => settings.findOne({ _id: 'agent' }),
    /** False when the revision is not `expected` any more. */
    async replace(next: AgentSettingsDoc, expected: number): Promise<boolean> {
      try {
        if (expected === 0) return (await settings.insertOne(next)).acknowledged
        const { _id, ...rest } = next
        return (await settings.updateOne({ _id, revision: expected }, { $set: rest })).matchedCount === 1
      } catch (error) {
        if (isDuplicateKey(error)) return false
        throw error
      }
    },
  }
}
