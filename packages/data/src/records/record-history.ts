import { isId } from '@m3m/base'
import { ObjectId } from 'mongodb'
import type { OutboxRepo } from '../events/outbox.repo.ts'
import type { ProjectRecords } from '../project-data.ts'
import { checkLinks } from './check-links.ts'
import { purgeTrash } from './purge-trash.ts'
import type { RecordChanges } from './record-changes.ts'
import type { ModelScope } from './record-reader.ts'
import { type StoredRecord, toOutward } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import type { RecordData, Revision } from './records.schema.ts'
import { validateRecord } from './validate-record.ts'

type History = Pick<ProjectRecords, 'revisions' | 'restore' | 'emptyTrash'>

/** Revisions of one record that are shown; older ones are kept. */
const MAX_REVISIONS = 500

export interface HistoryDeps extends RecordsDeps {
  outboxRepo: OutboxRepo
  changes: RecordChanges
}

/** What records were, and bringing it back. Revisions are the record's events: exact by the same mechanism. */
export function createHistory(deps: HistoryDeps): History {
  const { collections, view } = deps

  async function recreate(
    scope: ModelScope,
    id: string,
    data: RecordData,
    last: Pick<StoredRecord, 'createdAt' | 'version'>,
  ) {
    const nowMs = deps.nowMs()
    const { set } = validateRecord(scope.compiled, data, { nowMs, creating: true })
    await checkLinks(deps, scope, [set])
    // The removal was a version of its own; this is the next.
    const record = {
      _id: new ObjectId(id),
      ...set,
      createdAt: last.createdAt,
      updatedAt: new Date(nowMs),
      version: last.version + 2,
    }
    await deps.writer.insert(scope.compiled, [record])
    await collections.trash(scope.compiled.model.id).deleteOne({ _id: record._id })
    return toOutward(record, scope.compiled, view)
  }

  async function fromTrash(scope: ModelScope, id: string) {
    const [trashed] = await deps.reader.find(scope.compiled, {
      filter: { _id: new ObjectId(id) },
      limit: 1,
      trashed: true,
    })
    if (!trashed) throw notFound(scope, id)
    return recreate(scope, id, asData(scope, toOutward(trashed, scope.compiled, {})), trashed)
  }

  async function toRevision(scope: ModelScope, id: string, version: number) {
    const all = await revisionsOf(deps, scope, id)
    const wanted = all.find((revision) => revision.version === version)
    if (!wanted) throw notFound(scope, `${id}, version ${version}`)
    const data = asData(scope, wanted.record)
    const cleared = [...scope.compiled.fields.keys()].filter((key) => data[key] === undefined)
    const done = await deps.changes.update(scope, { id }, () => {
      const write = validateRecord(scope.compiled, data, { nowMs: deps.nowMs(), creating: false })
      const unset = cleared.filter((key) => scope.compiled.fields.get(key)!.field.type !== 'autodate')
      return { set: write.set, unset: [...write.unset, ...unset] }
    })
    if (done) return toOutward(done.after, scope.compiled, view)
    const createdAt = new Date(String(wanted.record['createdAt']))
    // The newest is the removal, which took the version after the record's last.
    return recreate(scope, id, data, { createdAt, version: (all[0]?.version ?? version) - 1 })
  }

  return {
    revisions: async (model, id) => revisionsOf(deps, await openScope(deps, model), id),
    async restore(model, id, { version } = {}) {
      const scope = await openScope(deps, model)
      if (!isId(id)) throw notFound(scope, id)
      return version === undefined ? fromTrash(scope, id) : toRevision(scope, id, version)
    },
    async emptyTrash(model, ids) {
      const { compiled } = await openScope(deps, model)
      const filter = ids ? { _id: { $in: ids.filter(isId).map((id) => new ObjectId(id)) } } : {}
      return purgeTrash({ ...deps, compiled }, filter)
    },
  }
}

async function revisionsOf(
  { outboxRepo, projectId }: HistoryDeps,
  { compiled }: ModelScope,
  id: string,
): Promise<Revision[]> {
  const filter = { revisionOf: id, projectId, modelId: compiled.model.id, void: { $exists: false } }
  const found = await outboxRepo.events.find(filter).sort({ seq: -1 }).limit(MAX_REVISIONS).toArray()
  return found.map(({ version, type, at, actor, changed, record }) => ({
    version,
    type,
    at: at.toISOString(),
    actor,
    changed,
    record,
  }))
}

/** Data of an earlier state as a write: what the model no longer has is left out. */
function asData({ compiled }: ModelScope, record: Record<string, unknown>): RecordData {
  const data: RecordData = {}
  for (const [key, { field }] of compiled.fields) {
    const value = record[key]
    if (field.type === 'autodate' || value === undefined || value === null) continue
    data[key] = value
  }
  return data
}

function notFound({ compiled }: ModelScope, id: string) {
  return recordErrors.RECORD_NOT_FOUND({ model: compiled.model.slug, id: String(id).slice(0, 100) })
}
