/**
 * What programs may ask of the records of one model, below `/api/v1/projects/{slug}/records/{model}`. One table: the
 * OpenAPI document and the panel's "How to call" are made from it.
 */
export const RECORD_CALLS = {
  list: { method: 'GET', path: '', scope: 'records:read' },
  get: { method: 'GET', path: '/{id}', scope: 'records:read' },
  create: { method: 'POST', path: '', scope: 'records:write' },
  upsert: { method: 'PUT', path: '', scope: 'records:write' },
  update: { method: 'PATCH', path: '/{id}', scope: 'records:write' },
  remove: { method: 'DELETE', path: '/{id}', scope: 'records:write' },
  file: { method: 'GET', path: '/{id}/files/{field}', scope: 'records:read' },
  watch: { method: 'GET', path: '/events', scope: 'records:read' },
  bulk: { method: 'POST', path: '/bulk', scope: 'records:write' },
  aggregate: { method: 'POST', path: '/aggregate', scope: 'records:read' },
} as const satisfies Record<string, RecordCallShape>
export type RecordCall = keyof typeof RECORD_CALLS

/** The same over several models, below `/api/v1/projects/{slug}`. */
export const BATCH_CALL = {
  method: 'POST',
  path: '/batch',
  scope: 'records:write',
} as const satisfies RecordCallShape

export interface RecordCallShape {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  /** What the key must be allowed to do. */
  scope: 'records:read' | 'records:write'
}
