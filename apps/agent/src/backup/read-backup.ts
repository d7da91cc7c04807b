import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import { checkBackup, firstDifference } from '@m3m/datastore'
import { readArchive, type ReadOptions } from '../archive/archive.ts'
import { backupErrors } from './backup.errors.ts'
import { type BackupManifest, ENTRY, manifestSchema } from './backup.schema.ts'

/**
 * Unpacks a backup and compares it with what its manifest and its sums promise.
 *
 * @throws BACKUP_UNREADABLE
 */
export async function readBackup(file: string, options: ReadOptions): Promise<BackupManifest> {
  const { folder } = options
  try {
    await readArchive(file, options)
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, ENTRY.manifest), 'utf8')))
    if (manifest.kind === 'embedded') {
      const different = firstDifference(checkBackup(join(folder, ENTRY.datastore)), manifest.collections)
      if (different !== null) throw new Error(`"${different}" is not what its manifest promises`)
    }
    return manifest
  } catch (error) {
    throw backupErrors.BACKUP_UNREADABLE({ file, reason: messageOf(error) }, { cause: error })
  }
}
