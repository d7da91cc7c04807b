import { newId } from '@m3m/base'
import { type Collection, type Document, Long, ObjectId } from 'mongodb'
import type { Actor } from '../actor.ts'
import type { Collections } from '../collections.ts'
import { variablesInputSchema } from '../environment/environment.schema.ts'
import { goalInputSchema } from '../goals/goals.schema.ts'
import { checkModel } from '../models/check-model.ts'
import { syncIndexes } from '../models/model-indexes.ts'
import { MAX_MODELS, newModel } from '../models/models.service.ts'
import type { Model } from '../models/models.schema.ts'
import type { ProjectDocument } from './export-project.ts'
import { movingErrors } from './moving.errors.ts'

/** Where an export goes. The project has no data yet. */
export interface ImportTarget {
  projectId: string
  slug: string
  /** Its slug where it was exported: goals carry it in theirs. */
  fromSlug: string
  actor: Actor
}

/** Takes in one document after the other, models first. What it wrote when it fails is removed by removeProject. */
export interface ProjectImport {
  /** @throws PROJECT_IMPORT_INVALID */
  take(document: ProjectDocument): Promise<void>
  /** Writes what was held back, and makes the indexes. @throws PROJECT_IMPORT_INVALID */
  end(): Promise<void>
  /** The id a model has here; `null` for one that did not come. */
  modelId(exported: string): string | null
}

/** Documents of one insert. */
const BATCH = 500
/** Of a model, what a person chooses; the rest is made anew. */
const INPUT_KEYS = ['name', 'slug', 'fields', 'indexes', 'table', 'form', 'revisions', 'trash'] as const

/**
 * Models and goals get new ids, so that a project may be imported beside itself. Records keep theirs: each model has
 * a collection of its own, and refs between records hold.
 */
export function createProjectImport(
  collections: Collections,
  target: ImportTarget,
  nowMs: number,
): ProjectImport {
  const intake: Intake = {
    collections,
    target,
    nowMs,
    now: new Date(nowMs),
    come: [],
    models: new Map(),
    goals: new Map(),
    batches: createBatches(),
  }
  return {
    take: (taken) =>
      refusing(async () => {
        if (taken.part !== 'models') await makeModels(intake)
        await TAKERS[taken.part](intake, taken)
      }),
    modelId: (exported) => intake.models.get(exported)?.id ?? null,
    end: () =>
      refusing(async () => {
        await makeModels(intake)
        await intake.batches.flush()
        for (const model of intake.models.values()) await syncIndexes(collections, model)
        await collections
          .of<Document & { _id: string }>('modelStates')
          .updateOne({ _id: target.projectId }, { $inc: { revision: 1 } }, { upsert: true })
      }),
  }
}

/** An import under way. */
interface Intake {
  collections: Collections
  target: ImportTarget
  nowMs: number
  now: Date
  /** Models that have come and are not made yet. */
  come: Document[]
  /** By the id they had where they were exported. */
  models: Map<string, Model>
  goals: Map<string, string>
  batches: ReturnType<typeof createBatches>
}

/** All at once, since refs of one point at others. Checked as if somebody had typed them: an archive is no authority. */
async function makeModels({ come, models, collections, target, nowMs, now }: Intake): Promise<void> {
  const slugs = new Set(come.map(({ slug }) => String(slug)))
  if (slugs.size < come.length) throw invalid('two of its models have one slug')
  for (const { _id, ...exported } of come.splice(0)) {
    const input = Object.fromEntries(INPUT_KEYS.map((key) => [key, exported[key]]))
    const model = newModel(checkModel(input, slugs), target.projectId, nowMs)
    models.set(idOf(_id), model)
    const { id, ...rest } = model
    const document = { _id: new ObjectId(id), ...rest, createdAt: now, updatedAt: now }
    await collections.of('models').insertOne(document)
  }
}

function modelOf({ models }: Intake, exported: string | undefined): Model {
  const model = models.get(exported ?? '')
  if (!model) throw invalid(`it holds records of a model "${exported}" that did not come before them`)
  return model
}

type Taker = (intake: Intake, taken: ProjectDocument) => Promise<void>

const TAKERS: Record<ProjectDocument['part'], Taker> = {
  async models({ come, models }, { document }) {
    if (come.length + models.size >= MAX_MODELS) throw invalid(`it holds more than ${MAX_MODELS} models`)
    come.push(document)
  },
  async environment({ collections, target, now }, { document }) {
    const { variables } = variablesInputSchema.parse({ variables: document['variables'] })
    const { projectId: _id, actor: updatedBy } = target
    await collections
      .of<Document & { _id: string }>('environments')
      .insertOne({ _id, variables, revision: 1, updatedAt: now, updatedBy })
  },
  async goals({ collections, target, goals, nowMs, now }, { document }) {
    const { projectId, slug, fromSlug } = target
    const { _id, slug: whole, name, type, color, description } = document
    const own = String(whole)
    const short = own.startsWith(`${fromSlug}-`) ? own.slice(fromSlug.length + 1) : own
    const goal = goalInputSchema.parse({ name, type, color, description, slug: short })
    const id = newId(nowMs)
    goals.set(idOf(_id), id)
    const rest = { projectId, projects: [], createdAt: now, updatedAt: now }
    await collections
      .of('goals')
      .insertOne({ _id: new ObjectId(id), ...goal, slug: `${slug}-${short}`, ...rest })
  },
  async goalStats({ collections, target, goals, batches }, { document: { goalId, day, value } }) {
    const goal = goals.get(String(goalId))
    const count = value instanceof Long ? value.toNumber() : Number(value)
    if (!goal || !(day instanceof Date) || !Number.isFinite(count))
      throw invalid('what it says of a goal is no count of a day')
    const document = { goalId: goal, projectId: target.projectId, day, value: count }
    await batches.add(collections.of('goalStats'), document)
  },
  records: (intake, { model, document }) =>
    intake.batches.add(intake.collections.records(modelOf(intake, model).id), recordOf(document)),
  trash: (intake, { model, document }) =>
    intake.batches.add(intake.collections.trash(modelOf(intake, model).id), recordOf(document)),
  async revisions(intake, { document }) {
    const { _id: _old, pending: _pending, void: _void, ...rest } = document
    const { id: modelId } = modelOf(intake, String(rest['modelId']))
    const { projectId } = intake.target
    await intake.batches.add(intake.collections.of('recordEvents'), { ...rest, projectId, modelId })
  },
}

/** Inserts by the hundred, each collection's own. */
function createBatches() {
  const waiting = new Map<string, { collection: Collection; documents: Document[] }>()
  async function write(name: string): Promise<void> {
    const batch = waiting.get(name)
    waiting.delete(name)
    if (batch) await batch.collection.insertMany(batch.documents)
  }
  return {
    async add(collection: Collection, document: Document): Promise<void> {
      const { collectionName: name } = collection
      const batch = waiting.get(name) ?? { collection, documents: [] }
      waiting.set(name, batch)
      if (batch.documents.push(document) >= BATCH) await write(name)
    },
    async flush(): Promise<void> {
      for (const name of [...waiting.keys()]) await write(name)
    },
  }
}

/** What every reader of records relies on; the fields themselves are read by their model, which ignores others. */
function recordOf(document: Document): Document {
  const { _id, createdAt, updatedAt, version } = document
  const isRecord =
    _id instanceof ObjectId &&
    createdAt instanceof Date &&
    updatedAt instanceof Date &&
    Number.isInteger(Number(version))
  if (!isRecord) throw invalid('a record in it has no id, dates or version')
  return { ...document, version: Number(version) }
}

const idOf = (id: unknown): string => (id instanceof ObjectId ? id.toHexString() : String(id))

/** Whatever a document breaks, the reason is that the export is not what it should be. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if ((error as { code?: unknown }).code === 'PROJECT_IMPORT_INVALID') throw error
    throw movingErrors.PROJECT_IMPORT_INVALID({ reason: reasonOf(error) }, { cause: error })
  }
}

function reasonOf(error: unknown): string {
  const { issues, message } = error as {
    issues?: { path: PropertyKey[]; message: string }[]
    message?: string
  }
  const [first] = issues ?? []
  return first ? `${first.path.map(String).join('.')}: ${first.message}` : String(message ?? error)
}

function invalid(reason: string) {
  return movingErrors.PROJECT_IMPORT_INVALID({ reason })
}
