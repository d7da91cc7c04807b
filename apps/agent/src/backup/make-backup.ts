import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { keyIdOf } from '@m3m/data'
import { backupDatastore, dumpDatabase, fingerprintDatabase, openDatastore } from '@m3m/datastore'
import type { AgentConfig } from '../config/read-config.ts'
import { secretKeys } from '../config/secret-keys.ts'
import { AGENT_VERSION } from '../version.ts'
import { type ArchiveEntry, filesBelow, writeArchive } from './archive.ts'
import { backupErrors } from './backup.errors.ts'
import { type BackupManifest, ENTRY } from './backup.schema.ts'

export interface MadeBackup {
  documents: number
  files: number
  sizeBytes: number
}

/**
 * Everything of the agent in one file: the datastore as of one moment (of a MongoDB server: as of the time it was
 * read) and the files of all projects. The agent may serve meanwhile.
 *
 * @param withKey the key of secret variables goes along; without it the backup is of no use to a thief of secrets
 * @throws BACKUP_FILE_EXISTS, BACKUP_NOTHING_THERE, BACKUP_DIFFERS, DATASTORE_*
 */
export async function makeBackup(
  config: AgentConfig,
  { to, withKey = false }: { to: string; withKey?: boolean },
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
    let files = 0
    const part = join(scratch, 'backup')
    await writeArchive(part, entries())
    await rename(part, to)
    const documents = Object.values(manifest.collections).reduce((sum, one) => sum + one.documents, 0)
    return { documents, files, sizeBytes: (await stat(to)).size }

    async function* entries(): AsyncGenerator<ArchiveEntry> {
      yield { name: ENTRY.manifest, text: `${JSON.stringify(manifest, null, 2)}\n` }
      yield* store.entries()
      if (withKey) yield { name: ENTRY.key, file: join(config.datastore.path, 'secrets.key') }
      for await (const path of filesBelow(config.storage.path)) {
        if (MADE_AGAIN.test(path)) continue
        files++
        yield { name: `${ENTRY.storage}${path}`, file: join(config.storage.path, path) }
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Of a project's folder: small pictures, and uploads that are not finished. */
const MADE_AGAIN = /^[^/]+\/(?:previews|parts|incoming)\//

interface StoreCopy extends Pick<BackupManifest, 'kind' | 'collections'> {
  entries(): AsyncIterable<ArchiveEntry>
}

async function copyEmbedded(config: AgentConfig, scratch: string): Promise<StoreCopy> {
  const file = join(scratch, ENTRY.datastore)
  const { collections } = await backupDatastore({ path: config.datastore.path, to: file })
  return {
    kind: 'embedded',
    collections,
    async *entries() {
      yield { name: ENTRY.datastore, file }
    },
  }
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
  return {
    kind: 'dump',
    collections,
    async *entries() {
      for await (const path of filesBelow(folder))
        yield { name: `${ENTRY.dump}${path}`, file: join(folder, path) }
    },
  }
}
