import type { DataEngine } from '@m3m/data'
import type { VariableList } from '@m3m/data/schema'
import { dataActor } from '../access/actor.schema.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { SaveVariables } from './environment.schema.ts'

/** Variables of a project; the rules are in @m3m/data, which services read too. */
export interface EnvironmentService {
  list(actor: SignedIn, projectId: string): Promise<VariableList>
  /** All at once, or nothing. A running service sees it within a second. */
  save(actor: SignedIn, input: SaveVariables): Promise<VariableList>
}

export function createEnvironment(deps: { data: DataEngine; audit: AuditService }): EnvironmentService {
  const { data, audit } = deps
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).environment
  return {
    list: (actor, projectId) => of(actor, projectId).list(),
    async save(actor, { projectId, variables, revision }) {
      const environment = of(actor, projectId)
      const before = keysOf(await environment.list())
      const saved = await environment.save({ variables, ...(revision !== undefined && { revision }) })
      // Keys and types only: values may be secrets, whatever their type says.
      await audit.add(actor, { action: 'env.save', projectId, before, after: keysOf(saved) })
      return saved
    },
  }
}

function keysOf({ variables }: VariableList): Record<string, string> {
  return Object.fromEntries(variables.map(({ key, type }) => [key, type]))
}
