import type { Db } from 'mongodb'
import { isDuplicateKey } from '../../duplicate-key.ts'

/** Settings of one plugin as they were set in the panel. */
export interface PluginSettingsDoc {
  /** The plugin's name. */
  _id: string
  revision: number
  values: Record<string, unknown>
  /** Values of secret settings, as JSON, sealed by the agent's key. */
  sealed: Record<string, string>
  at: Date
  by: string
}

export type PluginsRepo = ReturnType<typeof createPluginsRepo>

export function createPluginsRepo(db: Db) {
  const settings = db.collection<PluginSettingsDoc>('pluginSettings')
  return {
    all: () => settings.find().sort({ _id: 1 }).toArray(),
    /** False when the revision is not `expected` any more. */
    async replace(next: PluginSettingsDoc, expected: number): Promise<boolean> {
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
