import { z } from 'zod'
import type { AppState } from '../../shared/desktop-port.ts'
import { createJsonFile } from '../files/json-file.ts'

const settingsSchema = z.object({ version: z.literal(1), channel: z.enum(['latest', 'beta']) })

/** What a person chose about the app on this computer. */
export interface AppSettings {
  channel(): AppState['channel']
  setChannel(channel: AppState['channel']): Promise<void>
}

export async function openAppSettings(path: string): Promise<AppSettings> {
  const empty: z.output<typeof settingsSchema> = { version: 1, channel: 'latest' }
  const file = createJsonFile({ path, schema: settingsSchema, empty })
  let kept = await file.read()
  return {
    channel: () => kept.channel,
    async setChannel(channel) {
      kept = { ...kept, channel }
      await file.write(kept)
    },
  }
}
