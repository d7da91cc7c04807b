import type { DataEngine } from '@m3m/data'
import type { Variable, VariableList } from '@m3m/data/schema'
import type { z } from 'zod'
import { dataActor } from '../access/actor.schema.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { AuditEntry } from '../audit/audit.schema.ts'
import type { SaveVariables, VariableChange, variableHistoryInput } from './environment.schema.ts'

/** Variables of a project; the rules are in @m3m/data, which services read too. */
export interface EnvironmentService {
  list(actor: SignedIn, projectId: string): Promise<VariableList>
  /** All at once, or nothing. A running service sees it within a second. */
  save(actor: SignedIn, input: SaveVariables): Promise<VariableList>
  /** Who changed which keys, newest first; values are never kept. */
  history(input: z.output<typeof variableHistoryInput>): Promise<VariableChange[]>
}

export function createEnvironment(deps: { data: DataEngine; audit: AuditService }): EnvironmentService {
  const { data, audit } = deps
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).environment
  return {
    list: (actor, projectId) => of(actor, projectId).list(),
    async save(actor, { projectId, variables, revision }) {
      const environment = of(actor, projectId)
      const held = await environment.list()
      const saved = await environment.save({ variables, ...(revision !== undefined && { revision }) })
      // Keys and types only: values may be secrets, whatever their type says.
      await audit.add(actor, {
        action: ACTION,
        projectId,
        target: changedKeys(held.variables, variables).join(', ').slice(0, 300) || null,
        before: keysOf(held),
        after: keysOf(saved),
      })
      return saved
    },
    async history({ projectId, before }) {
      const entries = await audit.ofAction({ projectId, action: ACTION, before, limit: HISTORY_PAGE })
      return entries.map(toChange)
    },
  }
}

const ACTION = 'env.save'
const HISTORY_PAGE = 50

/** Keys that are new, gone, or given another type or value. A secret that was typed counts, whatever it was. */
function changedKeys(before: readonly Variable[], given: readonly Variable[]): string[] {
  const held = new Map(before.map((variable) => [variable.key, variable]))
  const changed = given.filter(({ key, type, value }) => {
    const was = held.get(key)
    held.delete(key)
    // What a form sends as text means the same value.
    return !was || was.type !== type || asText(was.value) !== asText(value)
  })
  return [...changed.map(({ key }) => key), ...held.keys()]
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function toChange({ id, at, actor, target, before, after }: AuditEntry): VariableChange {
  const [was, is] = [new Set(Object.keys(before ?? {})), new Set(Object.keys(after ?? {}))]
  const touched = target?.split(', ') ?? []
  return {
    id,
    at,
    by: actor?.name ?? null,
    added: [...is].filter((key) => !was.has(key)),
    removed: [...was].filter((key) => !is.has(key)),
    changed: touched.filter((key) => was.has(key) && is.has(key)),
  }
}

function keysOf({ variables }: VariableList): Record<string, string> {
  return Object.fromEntries(variables.map(({ key, type }) => [key, type]))
}
