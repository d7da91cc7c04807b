import type { ErrorParams, FieldError } from '@m3m/base'
import type { ZodError } from 'zod'

type Issue = ZodError['issues'][number]

/** What a schema found wrong with one place of an input: `INPUT_` and the kind of issue, with the bound that was passed. */
export function inputProblem(issue: Issue): FieldError {
  const params = paramsOf(issue)
  return {
    code: `INPUT_${issue.code.toUpperCase()}`,
    message: issue.message,
    ...(params && { params }),
  }
}

function paramsOf(issue: Issue): ErrorParams | undefined {
  if (issue.code === 'too_small') return { min: Number(issue.minimum) }
  return issue.code === 'too_big' ? { max: Number(issue.maximum) } : undefined
}
