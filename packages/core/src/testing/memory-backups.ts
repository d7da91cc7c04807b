import type { BackupStore, BackupWork } from '../features/backups/backup-store.port.ts'
import type { BackupProof, BackupView, RestoreNote } from '../features/backups/backups.schema.ts'

/** Backups that are names in a list. */
export class MemoryBackups implements BackupStore {
  folder = '/backups'
  kept: BackupView[] = []
  /** What the next look at a backup finds wrong with it. */
  problem: string | null = null
  /** While it is set, making a backup waits for it. */
  gate: Promise<void> | null = null
  restoring: { name: string; withoutSecrets: boolean; by: string } | null = null
  note: RestoreNote | null = null

  list = async () => [...this.kept]
  fileOf = (name: string) => `${this.folder}/${name}`
  freeBytes = async () => 1_000_000
  restored = async () => this.note

  async takeRestored(): Promise<RestoreNote | null> {
    const { note } = this
    this.note = null
    return note
  }

  async make(
    name: string,
    { withKey, onProgress, signal }: BackupWork & { withKey: boolean },
  ): Promise<void> {
    onProgress({ doneBytes: 1, totalBytes: withKey ? 3 : 2 })
    await this.gate
    signal.throwIfAborted()
    this.kept.unshift({ name, sizeBytes: 2, createdAt: '2026-01-01T00:00:00.000Z', proof: null })
  }

  async verify(name: string, { signal }: BackupWork): Promise<BackupProof> {
    signal.throwIfAborted()
    const proof = { at: '2026-01-01T00:00:00.000Z', problem: this.problem, documents: 1 }
    this.kept = this.kept.map((backup) => (backup.name === name ? { ...backup, proof } : backup))
    return proof
  }

  async remove(name: string): Promise<void> {
    this.kept = this.kept.filter((backup) => backup.name !== name)
  }

  async restore(name: string, options: { withoutSecrets: boolean; by: string }): Promise<void> {
    this.restoring = { name, ...options }
  }
}
