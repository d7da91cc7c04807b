import { listQuerySchema, type ListQuery } from '@m3m/data/schema'
import type { z } from 'zod'
import { restErrors } from './rest.errors.ts'

const NUMBERS = ['page', 'pageSize', 'countUpTo']
const BOOLEANS = ['skipTotal', 'trashed']

/**
 * Parameters of a URL by their schema, as texts; numbers are for the schema to read.
 * @throws REST_QUERY naming the parameter
 */
export function queryBy<T>(query: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw restErrors.REST_QUERY({ parameter: parameterOf(issue), problem: issue.message })
}

/**
 * A list's parameters from a URL: the same names as in panel and service code. `filter` is the text grammar, or
 * JSON when it begins with `{`; `params` is JSON.
 * @throws REST_QUERY naming the parameter
 */
export function listQueryOf(query: Record<string, unknown>): ListQuery {
  const raw: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(query)) raw[name] = readParameter(name, value)
  return queryBy(raw, listQuerySchema)
}

function parameterOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.')
}

function readParameter(name: string, value: unknown): unknown {
  if (typeof value !== 'string')
    throw restErrors.REST_QUERY({ parameter: name, problem: 'it was given twice' })
  if (NUMBERS.includes(name)) return Number(value)
  if (BOOLEANS.includes(name))
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value
  if (name === 'params' || (name === 'filter' && value.trimStart().startsWith('{'))) return json(name, value)
  return value
}

function json(parameter: string, value: string): unknown {
  try {
    return JSON.parse(value) as unknown
  } catch {
    throw restErrors.REST_QUERY({ parameter, problem: 'it is no JSON' })
  }
}
