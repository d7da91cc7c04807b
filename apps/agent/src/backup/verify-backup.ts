import { mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  fingerprintDatabase,
  firstDifference,
  loadDump,
  openDatastore,
  restoreDatastore,
} from '@m3m/datastore'
import type { Fingerprint } from '@m3m/datastore'
import type { ReadOptions } from '../archive/archive.ts'
import { backupErrors } from './backup.errors.ts'
import { type BackupManifest, ENTRY } from './backup.schema.ts'
import { readBackup } from './read-backup.ts'

export interface VerifiedBackup {
  manifest: BackupManifest
  documents: number
}

/**
 * Proves that a backup can be put back: its database is restored into a scratch one beside the file, which then
 * answers through the driver; counts and hashes of every collection are compared with the manifest, and every file
 * with its sum. The scratch is removed whatever comes.
 *
 * @throws BACKUP_UNREADABLE
 */
export async function verifyBackup(
  file: string,
  options: Pick<ReadOptions, 'onPackedBytes' | 'signal'> = {},
): Promise<VerifiedBackup> {
  const scratch = await mkdtemp(join(dirname(file), `.${basename(file)}-check-`))
  try {
    // Files of projects are compared as they pass: a check needs no room for them.
    const keep = (name: string) => !name.startsWith(ENTRY.storage)
    const manifest = await readBackup(file, { ...options, folder: scratch, keep })
    const found = await restoredFingerprints(manifest, scratch)
    const different = firstDifference(found, manifest.collections)
    if (different !== null)
      throw backupErrors.BACKUP_UNREADABLE({
        file,
        reason: `"${different}" is another collection after a restore`,
      })
    const documents = Object.values(found).reduce((sum, one) => sum + one.documents, 0)
    return { manifest, documents }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function restoredFingerprints(
  { kind, database, collections }: BackupManifest,
  scratch: string,
): Promise<Record<string, Fingerprint>> {
  const path = join(scratch, 'datastore')
  if (kind === 'embedded') await restoreDatastore({ from: join(scratch, ENTRY.datastore), path })
  await using store = await openDatastore({ mongodb: { database }, path })
  if (kind === 'dump') await loadDump(store.client, join(scratch, ENTRY.dump))
  const databases = new Set(Object.keys(collections).map((name) => name.slice(0, name.indexOf('.'))))
  const found: Record<string, Fingerprint> = {}
  for (const name of databases)
    for (const [collection, fingerprint] of Object.entries(await fingerprintDatabase(store.client.db(name))))
      found[`${name}.${collection}`] = fingerprint
  return found
}
