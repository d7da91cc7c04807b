import { environmentErrors } from './environment.errors.ts'
import type { EnvironmentRepo } from './environment.repo.ts'
import type { Variable } from './environment.schema.ts'
import type { SecretBox } from './secret-box.port.ts'

/**
 * Seals every secret of every project with the box's first key. What is sealed with it already stays, so a run that
 * was cut off is simply done again; each project is changed whole or not at all.
 * @returns how many secrets were sealed anew
 * @throws ENV_SECRET_KEY when one opens with no key at hand; what was done stays, and every key is still needed
 */
export async function resealEnvironments(
  repo: EnvironmentRepo,
  secrets: SecretBox | undefined,
): Promise<number> {
  if (!secrets) throw environmentErrors.ENV_SECRET_KEY({ problem: 'this agent has no key' })
  let resealed = 0
  for await (const { _id, revision, variables } of repo.all()) {
    const next = variables.map((variable) => resealedVariable(variable, secrets))
    const count = next.filter((variable, index) => variable !== variables[index]).length
    if (count === 0) continue
    if (!(await repo.reseal(_id, revision, next)))
      throw environmentErrors.ENV_CHANGED({ expected: revision, actual: revision + 1 })
    resealed += count
  }
  return resealed
}

function resealedVariable(variable: Variable, secrets: SecretBox): Variable {
  const { type, value } = variable
  if (type !== 'secret' || typeof value !== 'string' || isSealedByFirst(secrets, value)) return variable
  return { ...variable, value: secrets.seal(secrets.open(value)) }
}

/** Sealed text begins with the id of its key (secret-box.ts). */
function isSealedByFirst(secrets: SecretBox, sealed: string): boolean {
  return sealed.split('.')[0] === secrets.seal('').split('.')[0]
}
