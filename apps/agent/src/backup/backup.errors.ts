import { defineErrors } from '@m3m/base'

/** Why a backup was not made, or not put back. In every case nothing has changed. */
export const backupErrors = defineErrors({
  BACKUP_FILE_EXISTS: {
    blame: 'user',
    status: 409,
    text: (p: { file: string }) => `"${p.file}" exists. Give the backup a name of its own.`,
  },
  BACKUP_UNREADABLE: {
    blame: 'user',
    status: 422,
    text: (p: { file: string; reason: string }) =>
      `"${p.file}" is no whole backup of m3m (${p.reason}). Nothing was changed; take another copy of it.`,
  },
  BACKUP_AGENT_RUNS: {
    blame: 'user',
    status: 409,
    text: (p: { folder: string; pid: number }) =>
      `An agent serves the data in ${p.folder} (process ${p.pid}). Stop it, restore, and start it again.`,
  },
  BACKUP_WRONG_KEY: {
    blame: 'user',
    status: 409,
    text: (p: { keyFile: string }) =>
      `Secret variables in this backup are sealed with a key that is not in ${p.keyFile}. Put the secrets.key of that agent there, or restore with --without-secrets: secret variables then have to be typed anew.`,
  },
  BACKUP_OTHER_STORE: {
    blame: 'user',
    status: 409,
    text: (p: { kind: string; cure: string }) => `This backup is of ${p.kind}. ${p.cure}`,
  },
  BACKUP_TARGET_NOT_EMPTY: {
    blame: 'user',
    status: 409,
    text: (p: { database: string }) =>
      `The database "${p.database}" has collections already. Drop it, or name another one by mongodb.database.`,
  },
})
