import { describeError } from '../../../app/errors/describe-error.ts'

/** What is wrong with a field, by path below it; `''` is the field itself. */
export type FieldProblems = Readonly<Record<string, string>>

/** What the agent says of fields (`tags.2`, `address.city`), by their keys. Pure. */
export function problemsByField(error: unknown): ReadonlyMap<string, FieldProblems> {
  const found = new Map<string, Record<string, string>>()
  if (!error) return found
  for (const [path, { message }] of Object.entries(describeError(error).fields ?? {})) {
    const [key = '', ...below] = path.split('.')
    const problems = found.get(key) ?? {}
    problems[below.join('.')] = message
    found.set(key, problems)
  }
  return found
}
