import type { Document } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { CompiledModel } from '../models/compiled-model.ts'
import type { OwnedFiles } from './owned-files.ts'
import type { StoredRecord } from './record-shape.ts'

const BATCH = 500

export interface PurgeDeps {
  collections: Collections
  compiled: CompiledModel
  ownedFiles: OwnedFiles
}

/** Removes records from the trash for good, and the files that nothing names any more. How many records. */
export async function purgeTrash(
  { collections, compiled, ownedFiles }: PurgeDeps,
  filter: Document,
): Promise<number> {
  const trash = collections.trash(compiled.model.id)
  const hasFiles = [...compiled.fields.values()].some(({ field }) => field.type === 'file')
  if (!hasFiles) return (await trash.deleteMany(filter)).deletedCount
  let removed = 0
  for (;;) {
    const batch = (await trash
      .find(filter)
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray()) as unknown as StoredRecord[]
    if (batch.length === 0) return removed
    removed += (await trash.deleteMany({ _id: { $in: batch.map(({ _id }) => _id) } })).deletedCount
    for (const record of batch) await ownedFiles.afterRemove({ compiled }, record)
  }
}
