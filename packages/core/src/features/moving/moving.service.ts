import type { Clock, Logger } from '@m3m/base'
import { movingErrors, type DataEngine, type ProjectDocument } from '@m3m/data'
import { BSON } from 'mongodb'
import { accessErrors } from '../access/access.errors.ts'
import type { Actor } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { CodeStore } from '../pipeline/code-store.port.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { ViewStore } from '../views/view-store.port.ts'
import { exportedCode, exportedViews } from './exported-documents.ts'
import { createControlImport, isControlPart, type ControlDocument } from './import-control.ts'
import type { ProjectExportOptions, ProjectImportOptions, ProjectManifest } from './moving.schema.ts'

const { EJSON } = BSON

/** One project as documents, out of an agent and into one; how they travel is the agent's business. */
export interface MovingService {
  /** What its manifest says of a project. @throws ACCESS_NO_PROJECT */
  describe(projectId: string): Promise<ProjectManifest['project']>
  /** Each document of it as one line of EJSON, in its canonical form: no number, date or id loses its type. */
  lines(actor: Actor, projectId: string, options: ProjectExportOptions): AsyncGenerator<string>
  /**
   * All or nothing: the project is there when everything of it is, and whatever fails takes back what was written.
   * @throws PROJECT_IMPORT_INVALID, PROJECT_SLUG_TAKEN
   */
  import(actor: Actor, order: ImportOrder): Promise<ImportedProject>
}

export interface ImportOrder extends ProjectImportOptions {
  manifest: ProjectManifest
  lines: AsyncIterable<string>
  /** Whether the importer is root, or the command line: then the export may open the network to its service. */
  isRoot: boolean
  /** Puts its files into the place of the project; what it throws is why nothing was imported. */
  placeFiles(projectId: string): Promise<void>
}

export interface ImportedProject {
  id: string
  name: string
  slug: string
}

export interface MovingDeps {
  data: DataEngine
  projects: ProjectsService
  code: CodeStore
  views: ViewStore
  audit: AuditService
  clock: Clock
  logger: Logger
}

export function createMoving(deps: MovingDeps): MovingService {
  const { data, projects, audit } = deps
  return {
    async describe(projectId) {
      const project = await projects.find(projectId)
      if (!project) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
      const { name, slug, color, settings } = project
      return { name, slug, color, settings }
    },
    async *lines(actor, projectId, options) {
      const { name } = await this.describe(projectId)
      await audit.add(actor, { action: 'projects.export', projectId, target: name, after: { ...options } })
      for (const document of await exportedCode(deps.code, projectId)) yield lineOf(document)
      for await (const document of data.exportProject(projectId, options)) yield lineOf(document)
      for (const document of await exportedViews(deps.views, projectId)) yield lineOf(document)
    },
    async import(actor, order) {
      const { project } = order.manifest
      const imported = { name: order.name ?? project.name, slug: order.slug ?? project.slug }
      const { color, settings } = project
      const id = await projects.arrive(actor, { ...imported, color, settings, mayReach: order.isRoot })
      try {
        await takeIn(deps, actor, { id, slug: imported.slug, order })
        await order.placeFiles(id)
        await projects.arrived(actor, id)
      } catch (error) {
        await projects.giveUp(id)
        throw error
      }
      const after = { slug: imported.slug, from: project.slug }
      await audit.add(actor, { action: 'projects.import', projectId: id, target: imported.name, after })
      return { id, ...imported }
    },
  }
}

const lineOf = (document: ProjectDocument | ControlDocument): string =>
  EJSON.stringify(document, { relaxed: false })

interface Intake {
  id: string
  slug: string
  order: ImportOrder
}

async function takeIn(deps: MovingDeps, actor: Actor, { id, slug, order }: Intake): Promise<void> {
  const { manifest, withoutSecrets } = order
  const by = { kind: 'operator', id: actor.userId ?? 'agent', name: actor.name } as const
  const data = deps.data.importProject({ projectId: id, slug, fromSlug: manifest.project.slug, actor: by })
  const control = createControlImport(deps, { projectId: id, actor, modelId: data.modelId })
  for await (const line of order.lines) {
    const document = parsed(line)
    if (isControlPart(document)) await control.take(document)
    else await data.take(withoutSecrets ? withoutValues(document) : document)
  }
  await data.end()
  await control.end()
}

/** Each line is an object with a part and a document; what it says is looked at where it is taken in. */
function parsed(line: string): ProjectDocument | ControlDocument {
  try {
    const value = EJSON.parse(line) as Partial<ProjectDocument> | null
    if (typeof value?.document === 'object' && value.document !== null && PARTS.has(String(value.part)))
      return value as ProjectDocument
  } catch (error) {
    throw movingErrors.PROJECT_IMPORT_INVALID({ reason: 'a line in it is no document' }, { cause: error })
  }
  throw movingErrors.PROJECT_IMPORT_INVALID({ reason: 'a line in it is no part of a project' })
}

const PARTS: ReadonlySet<string> = new Set([
  'models',
  'environment',
  'goals',
  'goalStats',
  'records',
  'trash',
  'revisions',
  'branches',
  'releases',
  'lastVersion',
  'views',
])

function withoutValues(taken: ProjectDocument): ProjectDocument {
  if (taken.part !== 'environment' || !Array.isArray(taken.document['variables'])) return taken
  const variables = (taken.document['variables'] as { type?: unknown }[]).map((variable) =>
    variable?.type === 'secret' ? { ...variable, value: null } : variable,
  )
  return { ...taken, document: { ...taken.document, variables } }
}
