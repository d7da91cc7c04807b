import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { keyIdOf } from '@m3m/data'
import { loadDump, openDatastore, restoreDatastore } from '@m3m/datastore'
import { swapFolder } from '../archive/swap-folder.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { servingProcess } from '../serve/agent-lock.ts'
import { backupErrors } from './backup.errors.ts'
import { type BackupManifest, ENTRY } from './backup.schema.ts'
import { readBackup } from './read-backup.ts'

export interface Restored {
  manifest: BackupManifest
  /** Where what was there before is kept. */
  kept: string[]
}

/**
 * Puts a backup in the place of this agent's data. It is read whole and compared with what its manifest promises
 * before anything is touched; what was there is kept beside it.
 *
 * @throws BACKUP_AGENT_RUNS, BACKUP_UNREADABLE, BACKUP_WRONG_KEY, BACKUP_OTHER_STORE, BACKUP_TARGET_NOT_EMPTY, DATASTORE_*
 */
export async function restoreBackup(
  config: AgentConfig,
  { from, withoutSecrets = false }: { from: string; withoutSecrets?: boolean },
): Promise<Restored> {
  const { path } = config.datastore
  const pid = servingProcess(path)
  if (pid !== null) throw backupErrors.BACKUP_AGENT_RUNS({ folder: path, pid })
  await mkdir(path, { recursive: true, mode: 0o700 })
  // Beside the storage: in most cases moving it there is then a change of name, not a copy.
  await mkdir(dirname(config.storage.path), { recursive: true })
  const scratch = await mkdtemp(join(dirname(config.storage.path), '.m3m-restore-'))
  try {
    const manifest = await readBackup(from, { folder: scratch })
    checkKind(manifest, config)
    const keys = await keysAfter(manifest, { scratch, path, withoutSecrets })
    // Before the data they open: with more keys than it needs, what is there now goes on as before.
    if (keys.length > 0) await writeKeys(path, keys)
    return { manifest, kept: await putBack(manifest, config, scratch) }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function checkKind({ kind }: BackupManifest, { mongodb }: AgentConfig): void {
  const isServer = mongodb.uri !== undefined
  if (kind === 'embedded' && isServer)
    throw backupErrors.BACKUP_OTHER_STORE({
      kind: 'an embedded datastore',
      cure: 'Restore it without mongodb.uri, then bring it to the server: m3m-agent migrate --to mongodb://…',
    })
  if (kind === 'dump' && !isServer)
    throw backupErrors.BACKUP_OTHER_STORE({
      kind: 'a MongoDB server',
      cure: 'Set mongodb.uri to an empty database and restore there.',
    })
}

/** The keys of the file after the restore: those at hand, then those that came along. */
async function keysAfter(
  { keyIds }: BackupManifest,
  { scratch, path, withoutSecrets }: { scratch: string; path: string; withoutSecrets: boolean },
): Promise<string[]> {
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/) : [])
  const keyFile = join(path, 'secrets.key')
  const keys = [...new Set([...read(join(scratch, ENTRY.key)), ...read(keyFile)])].filter(Boolean)
  const ids = new Set(keys.map((key) => keyIdOf(Buffer.from(key, 'base64url'))))
  if (!withoutSecrets && keyIds.some((id) => !ids.has(id))) throw backupErrors.BACKUP_WRONG_KEY({ keyFile })
  return keys
}

/**
 * Whether a restore would be taken, beside a serving agent: the backup is read whole, nothing of it stays.
 *
 * @throws BACKUP_UNREADABLE, BACKUP_WRONG_KEY, BACKUP_OTHER_STORE
 */
export async function checkRestore(
  config: AgentConfig,
  { from, withoutSecrets }: { from: string; withoutSecrets: boolean },
): Promise<void> {
  const scratch = await mkdtemp(join(dirname(from), `.${basename(from)}-check-`))
  try {
    const keep = (name: string) => !name.startsWith(ENTRY.storage)
    const manifest = await readBackup(from, { folder: scratch, keep })
    checkKind(manifest, config)
    await keysAfter(manifest, { scratch, path: config.datastore.path, withoutSecrets })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** In one step: half a key file would open nothing. */
async function writeKeys(path: string, keys: readonly string[]): Promise<void> {
  const draft = join(path, 'secrets.key.part')
  await writeFile(draft, `${keys.join('\n')}\n`, { mode: 0o600 })
  await rename(draft, join(path, 'secrets.key'))
}

/** Files first, since they can be taken back; the database last, which is one change of a name. */
async function putBack(manifest: BackupManifest, config: AgentConfig, scratch: string): Promise<string[]> {
  await using files = await swapFolder({
    from: join(scratch, ENTRY.storage),
    to: config.storage.path,
    suffix: `before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`,
  })
  const before = await putStoreBack(manifest, config, scratch)
  files.settle()
  return [before, files.kept].filter((place) => place !== null)
}

async function putStoreBack(
  { kind }: BackupManifest,
  { mongodb, datastore }: AgentConfig,
  scratch: string,
): Promise<string | null> {
  if (kind === 'embedded')
    return (await restoreDatastore({ from: join(scratch, ENTRY.datastore), path: datastore.path })).kept
  await using store = await openDatastore({ mongodb, path: datastore.path })
  // The dump names its databases itself, so they have to be the ones that are configured here.
  for (const db of [store.control, store.data])
    if ((await db.listCollections().toArray()).length > 0)
      throw backupErrors.BACKUP_TARGET_NOT_EMPTY({ database: db.databaseName })
  try {
    await loadDump(store.client, join(scratch, ENTRY.dump))
  } catch (error) {
    // They were empty: nothing of others is in them.
    for (const db of [store.control, store.data]) await db.dropDatabase()
    throw error
  }
  return null
}
