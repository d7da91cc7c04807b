import type { z } from 'zod'
import { randomHex } from '../../secrets.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { EnvironmentService } from '../environment/environment.service.ts'
import type { ModelsService } from '../models/models.service.ts'
import type { PipelineService } from '../pipeline/pipeline.service.ts'
import type { ProjectView } from '../projects/projects.schema.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { Starter, StarterShelf } from './starter-shelf.port.ts'
import { starterErrors } from './starters.errors.ts'
import type { StarterVariable, StarterView, createFromStarterInput } from './starters.schema.ts'

/** Projects that begin as a working service, with its models and variables. */
export interface StartersService {
  list(): Promise<StarterView[]>
  /**
   * A project with the starter's code on `develop`, its models and its variables; nothing runs yet. When a part
   * cannot be made the project goes again.
   * @throws STARTER_NOT_FOUND, PROJECT_SLUG_TAKEN
   */
  create(actor: SignedIn, input: z.output<typeof createFromStarterInput>): Promise<ProjectView>
}

interface StartersDeps {
  shelf: StarterShelf
  projects: Pick<ProjectsService, 'create' | 'remove'>
  models: Pick<ModelsService, 'create'>
  environment: Pick<EnvironmentService, 'save'>
  pipeline: Pick<PipelineService, 'saveFiles'>
}

const BRANCH = 'develop'

export function createStarters(deps: StartersDeps): StartersService {
  const { shelf, projects } = deps
  return {
    list: async () => (await shelf.all()).map(toView),
    async create(actor, { starter: slug, ...input }) {
      const starters = await shelf.all()
      const starter = starters.find((one) => one.slug === slug)
      if (!starter) {
        const known = starters.map((one) => one.slug).join(', ')
        throw starterErrors.STARTER_NOT_FOUND({ starter: slug, known })
      }
      const project = await projects.create(actor, input)
      try {
        await furnish(deps, actor, { projectId: project.id, starter })
      } catch (error) {
        await projects.remove(actor, { projectId: project.id, confirmName: project.name })
        throw error
      }
      return project
    },
  }
}

async function furnish(
  { models, environment, pipeline }: StartersDeps,
  actor: SignedIn,
  { projectId, starter }: { projectId: string; starter: Starter },
): Promise<void> {
  for (const model of starter.models) await models.create(actor, { projectId, ...model })
  const variables = starter.variables.flatMap(toVariable)
  if (variables.length > 0) await environment.save(actor, { projectId, variables })
  await pipeline.saveFiles(actor, { projectId, branch: BRANCH, files: starter.files })
}

function toVariable(variable: StarterVariable) {
  if ('ask' in variable) return []
  if ('value' in variable) return [variable]
  const { key, type, randomBytes } = variable
  return [{ key, type, value: randomHex(randomBytes) }]
}

function toView({ slug, title, summary, ru, models, variables }: Starter): StarterView {
  return {
    slug,
    title,
    summary,
    ru: ru ?? null,
    models: models.map((model) => model.slug),
    variables: variables.filter((one) => !('ask' in one)).map(({ key }) => key),
    asks: variables.flatMap((one) => ('ask' in one ? [{ key: one.key, ask: one.ask }] : [])),
  }
}
