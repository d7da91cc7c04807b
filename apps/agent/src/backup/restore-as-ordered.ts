import { messageOf, type Logger } from '@m3m/base'
import type { AgentConfig } from '../config/read-config.ts'
import { leaveRestoreNote, type RestoreOrder } from './backup-folder.ts'
import { restoreBackup } from './restore-backup.ts'

/** Restores what the panel asked for. However it ends, the agent starts again, and its panel tells. */
export async function restoreAsOrdered(
  config: AgentConfig,
  { file, name, withoutSecrets, by }: RestoreOrder,
  logger: Logger,
): Promise<void> {
  const problem = await restoreBackup(config, { from: file, withoutSecrets }).then(
    ({ kept }) => {
      logger.info('a backup is restored', { name, kept })
      return null
    },
    (error: unknown) => {
      logger.error('a backup was not restored; nothing has changed', { name, error })
      return messageOf(error)
    },
  )
  await leaveRestoreNote(config, { name, at: new Date().toISOString(), by, problem })
}
