import type { Document, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { EnvironmentDocument } from '../environment/environment.repo.ts'
import type { Variable } from '../environment/environment.schema.ts'

/** What a document of an export is. Records and trash name the model they are of, by its id in the export. */
export type DataPart = 'models' | 'environment' | 'goals' | 'goalStats' | 'records' | 'trash' | 'revisions'

export interface ProjectDocument {
  part: DataPart
  model?: string
  document: Document
}

export interface ExportOptions {
  /** Records, and what is in the trash. */
  records: boolean
  /** What records were; of no use without them. */
  revisions: boolean
  /** Values of secret variables, sealed as they are stored. Without it their names go along alone. */
  secrets: boolean
}

/** All of a project in the project-data database, models first; documents as they are stored. */
export async function* exportProject(
  collections: Collections,
  projectId: string,
  options: ExportOptions,
): AsyncGenerator<ProjectDocument> {
  const models = await collections.of('models').find({ projectId }).toArray()
  for (const document of models) yield { part: 'models', document }
  const environment = await collections.of<EnvironmentDocument>('environments').findOne({ _id: projectId })
  if (environment) yield { part: 'environment', document: { variables: carried(environment, options) } }
  const goals = await collections.of('goals').find({ projectId }).toArray()
  for (const document of goals) yield { part: 'goals', document }
  const goalIds = goals.map(({ _id }) => (_id as ObjectId).toHexString())
  for await (const document of collections.of('goalStats').find({ goalId: { $in: goalIds }, projectId }))
    yield { part: 'goalStats', document }
  if (!options.records) return
  for (const { _id } of models) {
    const model = (_id as ObjectId).toHexString()
    for await (const document of collections.records(model).find()) yield { part: 'records', model, document }
    for await (const document of collections.trash(model).find()) yield { part: 'trash', model, document }
  }
  if (!options.revisions) return
  const kept = {
    projectId,
    revisionOf: { $exists: true },
    void: { $exists: false },
    pending: { $exists: false },
  }
  for await (const document of collections.of('recordEvents').find(kept).sort({ seq: 1 }))
    yield { part: 'revisions', document }
}

function carried({ variables }: EnvironmentDocument, { secrets }: ExportOptions): Variable[] {
  if (secrets) return variables
  return variables.map((variable) => (variable.type === 'secret' ? { ...variable, value: null } : variable))
}
