import type { Clock, FieldError } from '@m3m/base'
import type { Actor } from '../actor.ts'
import { fieldErrors } from '../fields/checked.ts'
import { isNestedDeeper } from '../nesting.ts'
import { environmentErrors } from './environment.errors.ts'
import type { EnvironmentRepo } from './environment.repo.ts'
import {
  type Variable,
  type VariableList,
  type VariablesInput,
  variablesInputSchema,
} from './environment.schema.ts'
import type { SecretBox } from './secret-box.port.ts'
import { checkVariable } from './variable-values.ts'

/** All values of a project by key, typed as declared, secrets opened. For the service that runs, never for the wire. */
export interface EnvironmentValues {
  revision: number
  values: Record<string, Variable['value']>
}

export interface EnvironmentService {
  /** In the order they were saved. The value of a secret is always `null`. */
  list(): Promise<VariableList>
  /**
   * Replaces all variables at once, or none. A secret given with `null` keeps its stored value.
   * @throws ENV_INVALID with `fields` by key (ENV_TYPE, ENV_JSON, ENV_LINES, ENV_TOO_LONG, ENV_KEY, ENV_TWICE, ENV_TOO_MANY), ENV_CHANGED
   */
  save(input: VariablesInput): Promise<VariableList>
  /** Empty when nothing was saved yet. */
  read(): Promise<EnvironmentValues>
}

export interface EnvironmentDeps {
  repo: EnvironmentRepo
  clock: Clock
  secrets: SecretBox | undefined
  /** Called after each save. */
  changed: (projectId: string) => void
}

/** Nesting of a value, with the list and the variable around it. */
const MAX_DEPTH = 60

/** A whole environment, in bytes of JSON: it is one document of at most 16 MB. */
const MAX_TOTAL_BYTES = 4 * 1024 * 1024

export function createEnvironment(
  deps: EnvironmentDeps,
  projectId: string,
  actor: Actor,
): EnvironmentService {
  const { repo, clock, secrets } = deps
  return {
    async list() {
      const stored = await repo.get(projectId)
      return { revision: stored?.revision ?? 0, variables: (stored?.variables ?? []).map(outward) }
    },
    async save(input) {
      const { variables, revision } = parseInput(input)
      const stored = await repo.get(projectId)
      const next = sealAll(checkAll(variables), stored?.variables ?? [], secrets)
      const entry = { _id: projectId, variables: next, updatedAt: new Date(clock.now()), updatedBy: actor }
      const saved = await repo.replace(entry, revision)
      if (saved === null) {
        const actual = (await repo.get(projectId))?.revision ?? 0
        throw environmentErrors.ENV_CHANGED({ expected: revision ?? 0, actual })
      }
      deps.changed(projectId)
      return { revision: saved, variables: next.map(outward) }
    },
    async read() {
      const stored = await repo.get(projectId)
      const values: Record<string, Variable['value']> = {}
      for (const { key, type, value } of stored?.variables ?? []) {
        values[key] = type === 'secret' && typeof value === 'string' && secrets ? secrets.open(value) : value
      }
      return { revision: stored?.revision ?? 0, values }
    },
  }
}

/** A JSON variable that is a string goes out with its quotes, so that saving it again says the same. */
function outward(variable: Variable): Variable {
  const { key, type, value } = variable
  if (type === 'secret') return { key, type, value: null }
  if (type === 'json' && typeof value === 'string') return { key, type, value: JSON.stringify(value) }
  return { key, type, value }
}

function parseInput(input: VariablesInput): VariablesInput {
  if (isNestedDeeper(input, MAX_DEPTH)) {
    throw refused({
      variables: { code: 'ENV_JSON', message: `A value is nested deeper than ${MAX_DEPTH} levels.` },
    })
  }
  const parsed = variablesInputSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = fieldErrors()
  for (const issue of parsed.error.issues) {
    const index = issue.path[1]
    const named = typeof index === 'number' ? input.variables?.[index]?.key : undefined
    const key = typeof named === 'string' && named !== '' ? named : issue.path.join('.')
    fields[key] ??= { code: issue.path[2] === 'key' ? 'ENV_KEY' : 'ENV_TYPE', message: issue.message }
  }
  throw refused(fields)
}

function checkAll(variables: readonly Variable[]): Variable[] {
  const fields = fieldErrors()
  const seen = new Set<string>()
  const checked = variables.map((variable) => {
    if (seen.has(variable.key)) {
      fields[variable.key] = { code: 'ENV_TWICE', message: 'This key is there twice; keep one.' }
    }
    seen.add(variable.key)
    const result = checkVariable(variable)
    if ('error' in result) {
      fields[variable.key] ??= result.error
      return variable
    }
    return { key: variable.key, type: variable.type, value: result.value }
  })
  if (Object.keys(fields).length > 0) throw refused(fields)
  if (Buffer.byteLength(JSON.stringify(checked)) > MAX_TOTAL_BYTES) {
    throw refused({
      variables: { code: 'ENV_TOO_LONG', message: `All variables together exceed ${MAX_TOTAL_BYTES} bytes.` },
    })
  }
  return checked
}

function sealAll(next: Variable[], stored: readonly Variable[], secrets: SecretBox | undefined): Variable[] {
  return next.map((variable) => {
    if (variable.type !== 'secret') return variable
    if (!secrets) {
      const message =
        'This agent has no key for secrets; use the type String, or give the agent its key file.'
      throw refused({ [variable.key]: { code: 'ENV_NO_SECRETS', message } })
    }
    if (variable.value !== null) return { ...variable, value: secrets.seal(String(variable.value)) }
    const kept = stored.find((other) => other.key === variable.key && other.type === 'secret')
    if (kept) return kept
    throw refused({ [variable.key]: { code: 'ENV_TYPE', message: 'A new Secret needs its value.' } })
  })
}

function refused(fields: Record<string, FieldError>) {
  return environmentErrors.ENV_INVALID({ keys: Object.keys(fields) }, { fields })
}
