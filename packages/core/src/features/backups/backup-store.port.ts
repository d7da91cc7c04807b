import type { BackupProof, BackupView, RestoreNote } from './backups.schema.ts'

export interface BackupProgress {
  doneBytes: number
  totalBytes: number
}

export interface BackupWork {
  onProgress(progress: BackupProgress): void
  /** Ends it; what was begun is removed. */
  signal: AbortSignal
}

/** Backups as files of the agent's machine; the agent implements it. */
export interface BackupStore {
  folder: string
  /** Newest first. */
  list(): Promise<BackupView[]>
  /** Absolute path of a backup of the list. */
  fileOf(name: string): string
  freeBytes(): Promise<number | null>
  /** Nothing of a backup that fails is left. @throws BACKUP_*, DATASTORE_* */
  make(name: string, options: BackupWork & { withKey: boolean }): Promise<void>
  /** Restores it into a scratch database and compares; the answer is kept beside the backup. @throws what aborts it */
  verify(name: string, options: BackupWork): Promise<BackupProof>
  remove(name: string): Promise<void>
  /** How the last restore ended; kept until the next one. */
  restored(): Promise<RestoreNote | null>
  /** The same, at the first start after it only. */
  takeRestored(): Promise<RestoreNote | null>
  /**
   * Looks whether it could be restored here, then ends the agent, restores and starts it again; answers before
   * that. Absent where nothing starts it again.
   * @throws BACKUP_UNREADABLE, BACKUP_WRONG_KEY, BACKUP_OTHER_STORE; nothing has changed then
   */
  restore?(name: string, options: { withoutSecrets: boolean; by: string }): Promise<void>
}
