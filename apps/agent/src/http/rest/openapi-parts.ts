import type { Json } from './openapi-schemas.ts'

export const schemaOf = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
export const json = (schema: Json): Json => ({ 'application/json': { schema } })
export const answer = (schema: Json, description: string): Json => ({
  description,
  headers: RATE_HEADERS,
  content: json(schema),
})
export const RATE_HEADERS: Json = Object.fromEntries(
  ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]),
)
export const REFUSED: Json = {
  default: answer(schemaOf('m3m.Error'), 'refused; `code` says why and `message` what to do'),
}

export function inPath(name: string): Json {
  return { name, in: 'path', required: true, schema: { type: 'string' } }
}

export function inQuery(name: string, schema: Json, description: string): Json {
  return { name, in: 'query', schema, description }
}
