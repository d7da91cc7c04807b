import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { keyIdOf } from '@m3m/data'
import { backupDatastore, dumpDatabase, fingerprintDatabase, openDatastore } from '@m3m/datastore'
import { type ArchiveEntry, filesBelow, writeArchive } from '../archive/archive.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { secretKeys } from '../config/secret-keys.ts'
import { AGENT_VERSION } from '../version.ts'
import { backupErrors } from './backup.errors.ts'
import { type BackupManifest, ENTRY } from './backup.schema.ts'

export interface MadeBackup {
  documents: number
  files: number
  sizeBytes: number
}

interface BackupOptions {
  to: string
  /** The key of secret variables goes along; without it the backup is of no use to a thief of secrets. */
  withKey?: boolean
  /** How far it is. The total is known when the datastore has been copied; 0 before that. */
  onProgress?: (progress: { doneBytes: number; totalBytes: number }) => void
  /** Ends it; nothing of it is left. */
  signal?: AbortSignal
}

/**
 * Everything of the agent in one file: the datastore as of one moment (of a MongoDB server: as of the time it was
 * read) and the files of all projects. The agent may serve meanwhile.
 *
 * @throws BACKUP_FILE_EXISTS, BACKUP_NOTHING_THERE, BACKUP_DIFFERS, DATASTORE_*
 */
export async function makeBackup(
  config: AgentConfig,
  { to, withKey = false, onProgress = () => {}, signal }: BackupOptions,
): Promise<MadeBackup> {
  if (existsSync(to)) throw backupErrors.BACKUP_FILE_EXISTS({ file: to })
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const scratch = await mkdtemp(join(dirname(to), `.${basename(to)}-`))
  try {
    const store = await (config.mongodb.uri === undefined ? copyEmbedded : dumpServer)(config, scratch)
    const manifest: BackupManifest = {
      format: 'm3m-backup',
      version: 1,
      createdAt: new Date().toISOString(),
      agentVersion: AGENT_VERSION,
      database: config.mongodb.database,
      kind: store.kind,
      collections: store.collections,
      keyIds: secretKeys(config.datastore.path).map((key) => keyIdOf(Buffer.from(key, 'base64url'))),
    }
    const files = await keptFiles(config)
    const totalBytes = await sizeOf([...store.files, ...files].map(({ file }) => file))
    let doneBytes = 0
    const part = join(scratch, 'backup')
    const onBytes = (bytes: number) => {
      doneBytes += bytes
      onProgress({ doneBytes, totalBytes })
    }
    const entries = entriesOf({ manifest, store, files, key: withKey ? keyEntry(config) : null })
    await writeArchive(part, entries, { onBytes, ...(signal && { signal }) })
    await rename(part, to)
    const documents = Object.values(manifest.collections).reduce((sum, one) => sum + one.documents, 0)
    return { documents, files: files.length, sizeBytes: (await stat(to)).size }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

interface FileEntry {
  name: string
  file: string
}

interface StoreCopy extends Pick<BackupManifest, 'kind' | 'collections'> {
  files: FileEntry[]
}

interface BackupParts {
  manifest: BackupManifest
  store: StoreCopy
  files: readonly FileEntry[]
  key: FileEntry | null
}

function* entriesOf({ manifest, store, files, key }: BackupParts): Generator<ArchiveEntry> {
  yield { name: ENTRY.manifest, text: `${JSON.stringify(manifest, null, 2)}\n` }
  yield* store.files
  if (key) yield key
  yield* files
}

const keyEntry = ({ datastore }: AgentConfig): FileEntry => ({
  name: ENTRY.key,
  file: join(datastore.path, 'secrets.key'),
})

/** Of a project's folder: small pictures, and uploads that are not finished. Beside them: what a restore kept. */
const MADE_AGAIN = /^(?:\.|[^/]+\/(?:previews|parts|incoming)\/)/

async function keptFiles({ storage }: AgentConfig): Promise<FileEntry[]> {
  const files: FileEntry[] = []
  for await (const path of filesBelow(storage.path))
    if (!MADE_AGAIN.test(path))
      files.push({ name: `${ENTRY.storage}${path}`, file: join(storage.path, path) })
  return files
}

async function sizeOf(files: readonly string[]): Promise<number> {
  let bytes = 0
  for (const file of files) bytes += (await stat(file).catch(() => null))?.size ?? 0
  return bytes
}

async function copyEmbedded(config: AgentConfig, scratch: string): Promise<StoreCopy> {
  const file = join(scratch, ENTRY.datastore)
  const { collections } = await backupDatastore({ path: config.datastore.path, to: file })
  return { kind: 'embedded', collections, files: [{ name: ENTRY.datastore, file }] }
}

async function dumpServer({ mongodb, datastore }: AgentConfig, scratch: string): Promise<StoreCopy> {
  const folder = join(scratch, 'dump')
  await using store = await openDatastore({ mongodb, path: datastore.path })
  const collections: BackupManifest['collections'] = {}
  for (const db of [store.control, store.data]) {
    await dumpDatabase(db, folder)
    for (const [name, fingerprint] of Object.entries(await fingerprintDatabase(db)))
      collections[`${db.databaseName}.${name}`] = fingerprint
  }
  const files: FileEntry[] = []
  for await (const path of filesBelow(folder))
    files.push({ name: `${ENTRY.dump}${path}`, file: join(folder, path) })
  return { kind: 'dump', collections, files }
}
