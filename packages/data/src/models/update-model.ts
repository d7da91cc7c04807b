import { isDuplicateKey } from '../mongo-errors.ts'
import type { ProjectModels } from '../project-data.ts'
import { checkModel } from './check-model.ts'
import { followRenames, renamesOf } from './follow-renames.ts'
import { identify } from './model-diff.ts'
import { modelImpact } from './model-impact.ts'
import { syncIndexes } from './model-indexes.ts'
import { modelProblems } from './model-problems.errors.ts'
import { modelErrors } from './models.errors.ts'
import { type Model, type ModelChanges, modelChangesSchema, type ModelImpact } from './models.schema.ts'
import type { ModelsDeps } from './models.service.ts'

interface UpdateDeps extends ModelsDeps {
  get: (ref: string) => Promise<Model>
  saved: () => Promise<void>
}

export function createModelUpdate(deps: UpdateDeps): ProjectModels['update'] {
  const { repo, collections, clock, projectId, conversions } = deps

  /** Refs name their target by its slug: those of other models follow. */
  async function renameTarget(from: string, to: string): Promise<void> {
    for (const other of await repo.list(projectId)) {
      if (!other.fields.some((field) => field.refModel === from)) continue
      const fields = other.fields.map((field) =>
        field.refModel === from ? { ...field, refModel: to } : field,
      )
      await repo.replace({ ...other, fields, version: other.version + 1 })
    }
  }

  async function save(before: Model, after: Model): Promise<void> {
    try {
      if (await repo.replace(after)) return
    } catch (error) {
      throw isDuplicateKey(error)
        ? modelErrors.MODEL_SLUG_TAKEN({ slug: after.slug }, { cause: error })
        : error
    }
    throw modelErrors.MODEL_CHANGED({ model: before.slug, version: (await deps.get(before.id)).version })
  }

  async function apply(before: Model, after: Model, records: number): Promise<void> {
    if (await conversions.isRunning(before.id)) throw modelErrors.MODEL_BUSY({ model: before.slug })
    const planned = await conversions.plan(before, after, records)
    try {
      await save(before, after)
    } catch (error) {
      if (planned) await conversions.cancel(planned)
      throw error
    }
    if (before.slug !== after.slug) await renameTarget(before.slug, after.slug)
    await deps.saved()
    if (planned) await conversions.run(planned)
    else await syncIndexes(collections, after)
  }

  const update: ProjectModels['update'] = async (ref, changes, { dryRun = false, force = false } = {}) => {
    const before = await deps.get(ref)
    if (changes.version !== undefined && changes.version !== before.version) {
      throw modelErrors.MODEL_CHANGED({ model: before.slug, version: before.version })
    }
    const others = (await repo.list(projectId)).filter((other) => other.id !== before.id)
    const after = merge(before, changes, new Set(others.map((other) => other.slug)), clock.now())
    const impact = await modelImpact(before, after, {
      collections,
      nowMs: clock.now(),
      maxTimeMs: deps.maxTimeMs,
    })
    const records = await collections.records(before.id).estimatedDocumentCount()
    if (dryRun) return { model: after, applied: false, records, impact }
    refuseWhatBreaks(before, impact, force)
    await apply(before, after, records)
    return { model: after, applied: true, records, impact }
  }
  // One change of a project's models after the other: each is planned on what the last one left.
  return (ref, changes, options) => deps.lock.run(`${projectId}/models`, () => update(ref, changes, options))
}

function merge(before: Model, input: ModelChanges, slugs: ReadonlySet<string>, nowMs: number): Model {
  const parsed = modelChangesSchema.safeParse(input)
  const { version: _version, ...changes } = parsed.success ? parsed.data : input
  const { name, slug, fields, revisions, trash } = before
  const kept = followRenames(before, renamesOf(fields, parsed.success ? (parsed.data.fields ?? []) : []))
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const checked = checkModel({ name, slug, fields, ...kept, revisions, trash, ...given }, slugs)
  const identified = identify(checked.fields, before.fields)
  refuseSwaps(before, identified)
  return {
    ...before,
    name: checked.name,
    slug: checked.slug,
    fields: identified,
    indexes: checked.indexes ?? [],
    table: checked.table ?? {},
    form: checked.form ?? {},
    revisions: checked.revisions ?? false,
    trash: checked.trash ?? null,
    version: before.version + 1,
    updatedAt: new Date(nowMs).toISOString(),
  }
}

/** A conversion that may be run twice cannot exchange two keys: the second run would exchange them back. */
function refuseSwaps(before: Model, fields: Model['fields']): void {
  const old = new Map(before.fields.map((field) => [field.key, field.id]))
  for (const field of fields) {
    const owner = old.get(field.key)
    if (owner === undefined || owner === field.id) continue
    const problem = modelProblems.MODEL_KEY_SWAPPED({ key: field.key }).toField()
    const fields = { [`fields.${field.key}.key`]: problem }
    throw modelErrors.MODEL_INVALID({ problems: [problem.message] }, { fields })
  }
}

/** A removed field takes its values with it, that is what was asked for; anything else that would lose some needs `force`. */
function refuseWhatBreaks(before: Model, impact: readonly ModelImpact[], force: boolean): void {
  const breaking = impact.filter(({ change, breaks }) => breaks > 0 && change !== 'removed')
  const fatal = breaking.filter(({ change }) => !force || change === 'index')
  if (fatal.length === 0) return
  throw modelErrors.MODEL_WOULD_BREAK({
    model: before.slug,
    records: fatal.reduce((sum, { breaks }) => sum + breaks, 0),
    fields: fatal.map(({ field }) => field),
  })
}
