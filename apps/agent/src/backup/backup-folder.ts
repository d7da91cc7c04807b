import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import type { BackupProof, BackupStore, BackupView, RestoreNote } from '@m3m/core'
import type { AgentConfig } from '../config/read-config.ts'
import { makeBackup } from './make-backup.ts'
import { checkRestore } from './restore-backup.ts'
import { verifyBackup } from './verify-backup.ts'

/** Ends the agent, restores, and starts it again; given by what can (`m3m-agent serve`). */
export type Restarter = (restore: RestoreOrder) => void

export interface RestoreOrder {
  /** Absolute path. */
  file: string
  name: string
  withoutSecrets: boolean
  by: string
}

const ENDING = '.tar.zst'
/** How the last restore ended; `isNews` until the next start has seen it. */
const NOTE = 'last-restore.json'

/**
 * The backups in `backup.path`. Beside each lies what the last look at it found, `<name>.json`; a name that begins
 * with a dot is scratch.
 */
export function createBackupFolder(config: AgentConfig, restart: Restarter | undefined): BackupStore {
  const folder = config.backup.path
  const fileOf = (name: string) => join(folder, name)
  return {
    folder,
    fileOf,
    async list() {
      const names = (await readdir(folder).catch(() => [])).filter(isBackup)
      const views = await Promise.all(names.map((name) => viewOf(fileOf(name), name)))
      return views.filter((view) => view !== null).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder).catch(() => statfs(config.home))
      return bavail * bsize
    },
    async make(name, { withKey, onProgress, signal }) {
      await removeScratch(folder)
      await makeBackup(config, { to: fileOf(name), withKey, onProgress, signal })
    },
    async verify(name, { onProgress, signal }) {
      const file = fileOf(name)
      const { size } = await stat(file)
      const onBytes = (doneBytes: number) => onProgress({ doneBytes, totalBytes: size })
      const found = await verifyBackup(file, { onPackedBytes: onBytes, signal }).then(
        ({ documents }) => ({ problem: null, documents }),
        (error: unknown) => ({ problem: messageOf(error), documents: 0 }),
      )
      signal.throwIfAborted()
      const proof: BackupProof = { at: new Date().toISOString(), ...found }
      await writeJson(`${file}.json`, proof)
      return proof
    },
    async remove(name) {
      await rm(fileOf(name), { force: true })
      await rm(`${fileOf(name)}.json`, { force: true })
    },
    restored: async () => (await readNote(folder))?.note ?? null,
    async takeRestored() {
      const found = await readNote(folder)
      if (!found?.isNews) return null
      await writeJson(join(folder, NOTE), { note: found.note, isNews: false })
      return found.note
    },
    ...(restart && {
      async restore(name: string, { withoutSecrets, by }: { withoutSecrets: boolean; by: string }) {
        const file = fileOf(name)
        await checkRestore(config, { from: file, withoutSecrets })
        restart({ file, name, withoutSecrets, by })
      },
    }),
  }
}

/** For the panel after the restart, and for the audit log of the restored data. */
export async function leaveRestoreNote(config: AgentConfig, note: RestoreNote): Promise<void> {
  await mkdir(config.backup.path, { recursive: true, mode: 0o700 })
  await writeJson(join(config.backup.path, NOTE), { note, isNews: true })
}

const isBackup = (name: string): boolean => name.endsWith(ENDING) && /^\w/.test(name)

async function viewOf(file: string, name: string): Promise<BackupView | null> {
  const found = await stat(file).catch(() => null)
  // Removed between two looks.
  if (!found?.isFile()) return null
  const proof = await readJson<BackupProof>(`${file}.json`)
  return { name, sizeBytes: found.size, createdAt: found.mtime.toISOString(), proof }
}

const readNote = (folder: string) => readJson<{ note: RestoreNote; isNews: boolean }>(join(folder, NOTE))

/** `null` when it is not there or was cut short by a crash: what it says is a help, not the truth. */
async function readJson<T>(file: string): Promise<T | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T
  } catch {
    return null
  }
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.part`, JSON.stringify(value), { mode: 0o600 })
  await rename(`${file}.part`, file)
}

/** What a killed agent left: nobody else writes here, one backup at a time is made. */
async function removeScratch(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (name.startsWith('.') && name.includes(ENDING))
      await rm(join(folder, name), { recursive: true, force: true })
}
