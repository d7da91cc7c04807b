import type { ApiKeyScope, Need } from '@m3m/core'

/**
 * What a route of the panel's port demands before its handler runs, and before a byte of a body is read.
 *
 * `operator`: a live sign-in with that right, by bearer token or (to read) by ticket; `projectId` in the path names
 * the project. `key`: an API key with that scope, of the project that `slug` in the path names; `orNone`: without a
 * key too, and then less is told. `open`: no sign-in, because of what the sentence says.
 */
export type RouteNeed =
  | { readonly operator: Need }
  | { readonly key: ApiKeyScope; readonly orNone?: true }
  | { readonly open: string }

const operator = (need: Need): RouteNeed => ({ operator: need })
const inProject = (project: Extract<Need, { project: unknown }>['project']): RouteNeed => ({
  operator: { project },
})
const key = (scope: ApiKeyScope): RouteNeed => ({ key: scope })

const RECORDS = '/api/v1/projects/:slug/records/:model'

/**
 * Route → what it demands: the one table of HTTP, as procedure-rights.ts of @m3m/core is that of procedures. The
 * agent does not start with a route that has no entry, nor with an entry of no route; `*` is every method, and a
 * HEAD is a GET. Who gets what is checked by test/route-rights.test.ts.
 */
export const ROUTE_RIGHTS: Readonly<Record<string, RouteNeed>> = {
  'GET /health': { open: 'a load balancer asks; it says nothing but that the agent is there' },
  'GET /*': { open: 'the files of the panel itself' },
  '* /trpc/:path': { open: 'each procedure has its own line in procedure-rights.ts' },
  'POST /auth/refresh': { open: 'by the refresh cookie, for the panel of this very origin' },
  'POST /auth/logout': { open: 'by the refresh cookie, for the panel of this very origin' },
  'GET /metrics': { open: 'by metrics.token of config.yaml' },

  'POST /files/tickets': operator('signed-in'),
  'GET /files/logs/agent': operator('root'),
  'GET /files/logs/:projectId/:runId': inProject('view'),
  'GET /files/audit': operator('manage-users'),
  'GET /files/backups/:name': operator('root'),
  'GET /files/avatar/:userId': operator('signed-in'),
  'PUT /files/avatar': operator('signed-in'),
  'DELETE /files/avatar': operator('signed-in'),
  'GET /files/storage/:projectId/*': inProject('view'),
  'PUT /files/storage/:projectId/*': inProject('files:write'),
  'DELETE /files/storage/:projectId/*': inProject('files:write'),
  'GET /files/zip/:projectId/:orderId': inProject('view'),
  'GET /files/preview/:projectId/*': inProject('view'),
  'GET /files/records/:projectId/:model': inProject('view'),
  'POST /files/records/:projectId/:model': inProject('records:write'),
  'GET /files/exports/:projectId': inProject('settings'),
  'PUT /files/imports': operator('create-projects'),
  'DELETE /files/imports': operator('create-projects'),
  'GET /files/s/:token/:name': { open: 'the address is the secret; an operator made it and may revoke it' },
  'GET /files/signed/:projectId/*': { open: 'the address is signed by the project, for one file and a time' },

  [`GET ${RECORDS}`]: key('records:read'),
  [`GET ${RECORDS}/events`]: key('records:read'),
  [`GET ${RECORDS}/:id`]: key('records:read'),
  [`GET ${RECORDS}/:id/files/:field`]: key('records:read'),
  [`POST ${RECORDS}/aggregate`]: key('records:read'),
  [`POST ${RECORDS}`]: key('records:write'),
  [`PUT ${RECORDS}`]: key('records:write'),
  [`PATCH ${RECORDS}/:id`]: key('records:write'),
  [`DELETE ${RECORDS}/:id`]: key('records:write'),
  [`POST ${RECORDS}/bulk`]: key('records:write'),
  'POST /api/v1/projects/:slug/batch': key('records:write'),
  'GET /api/v1/projects/:slug/run': key('runs:read'),
  'GET /api/v1/projects/:slug/runs': key('runs:read'),
  'POST /api/v1/projects/:slug/run/start': key('runs:control'),
  'POST /api/v1/projects/:slug/run/stop': key('runs:control'),
  'POST /api/v1/projects/:slug/run/restart': key('runs:control'),
  'POST /api/v1/projects/:slug/goals/:goal/increment': key('goals:write'),
  'GET /api/v1/openapi.json': { key: 'records:read', orNone: true },

  'POST /mcp': key('mcp'),
  'GET /mcp': { open: 'answers that there is nothing to get' },
  'DELETE /mcp': { open: 'answers that there is nothing to end' },
}
