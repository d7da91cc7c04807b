import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf } from '@m3m/base'
import { keyIdOf } from '@m3m/data'
import { checkBackup, firstDifference, loadDump, openDatastore, restoreDatastore } from '@m3m/datastore'
import type { AgentConfig } from '../config/read-config.ts'
import { servingProcess } from '../serve/agent-lock.ts'
import { readArchive } from './archive.ts'
import { backupErrors } from './backup.errors.ts'
import { type BackupManifest, ENTRY, manifestSchema } from './backup.schema.ts'

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
  // Beside the storage: moving it there is then a change of name, not a copy that could stop half way.
  await mkdir(dirname(config.storage.path), { recursive: true })
  const scratch = await mkdtemp(join(dirname(config.storage.path), '.m3m-restore-'))
  try {
    const manifest = await unpack(from, scratch)
    checkKind(manifest, config)
    const keys = await keysAfter(manifest, { scratch, path, withoutSecrets })
    const kept = await putBack(manifest, config, scratch)
    await writeFile(join(path, 'secrets.key'), `${keys.join('\n')}\n`, { mode: 0o600 })
    return { manifest, kept }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function unpack(from: string, scratch: string): Promise<BackupManifest> {
  try {
    await readArchive(from, scratch)
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(scratch, ENTRY.manifest), 'utf8')))
    if (manifest.kind === 'embedded') {
      const different = firstDifference(checkBackup(join(scratch, ENTRY.datastore)), manifest.collections)
      if (different !== null) throw new Error(`"${different}" is not what its manifest promises`)
    }
    return manifest
  } catch (error) {
    throw backupErrors.BACKUP_UNREADABLE({ file: from, reason: messageOf(error) }, { cause: error })
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

async function putBack(
  { kind }: BackupManifest,
  { mongodb, datastore, storage }: AgentConfig,
  scratch: string,
): Promise<string[]> {
  const kept: string[] = []
  if (kind === 'embedded') {
    const { kept: before } = await restoreDatastore({
      from: join(scratch, ENTRY.datastore),
      path: datastore.path,
    })
    if (before) kept.push(before)
  } else {
    await using store = await openDatastore({ mongodb, path: datastore.path })
    // The dump names its databases itself, so they have to be the ones that are configured here.
    for (const db of [store.control, store.data])
      if ((await db.listCollections().toArray()).length > 0)
        throw backupErrors.BACKUP_TARGET_NOT_EMPTY({ database: db.databaseName })
    await loadDump(store.client, join(scratch, ENTRY.dump))
  }
  if (existsSync(storage.path)) {
    const before = `${storage.path}.before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    await rename(storage.path, before)
    kept.push(before)
  }
  await mkdir(join(scratch, ENTRY.storage), { recursive: true, mode: 0o700 })
  await rename(join(scratch, ENTRY.storage), storage.path)
  return kept
}
