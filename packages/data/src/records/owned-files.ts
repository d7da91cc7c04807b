import type { Logger } from '@m3m/base'
import type { FileStore } from './file-store.port.ts'
import type { ModelScope, RecordReader } from './record-reader.ts'
import type { StoredRecord } from './record-shape.ts'

/**
 * Files below this folder belong to the records that name them: forms upload there. Any other file a record
 * names belongs to a person, and stays.
 */
export const OWNED_FOLDER = 'records/'

/** Removes files with the last record that names them, in the trash or out of it, unless a revision may want them. */
export interface OwnedFiles {
  afterUpdate(scope: ModelScope, before: StoredRecord, after: StoredRecord): Promise<void>
  afterRemove(scope: Pick<ModelScope, 'compiled'>, before: StoredRecord): Promise<void>
}

export interface OwnedFilesDeps {
  reader: RecordReader
  files: FileStore | undefined
  projectId: string
  logger: Logger
}

export function createOwnedFiles({ reader, files, projectId, logger }: OwnedFilesDeps): OwnedFiles {
  async function release(
    { compiled }: Pick<ModelScope, 'compiled'>,
    before: StoredRecord,
    after: StoredRecord | undefined,
  ): Promise<void> {
    if (!files || compiled.model.revisions) return
    for (const [key, { field }] of compiled.fields) {
      if (field.type !== 'file') continue
      const kept = new Set(pathsIn(after?.[key]))
      for (const path of pathsIn(before[key])) {
        if (kept.has(path) || !path.startsWith(OWNED_FOLDER)) continue
        const named = { [key]: path }
        if (
          (await reader.count(compiled, named)) > 0 ||
          (await reader.count(compiled, named, { trashed: true })) > 0
        )
          continue
        // The record is changed already; a file that stays costs space, not truth.
        await files.remove(projectId, path).catch((error: unknown) => {
          logger.warn('a file of a removed record stays', { projectId, path, error })
        })
      }
    }
  }
  return {
    afterUpdate: (scope, before, after) => release(scope, before, after),
    afterRemove: (scope, before) => release(scope, before, undefined),
  }
}

function pathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value as string[]
  return typeof value === 'string' ? [value] : []
}
