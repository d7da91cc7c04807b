import type { FastifyInstance, FastifyRequest } from 'fastify'
import { codeSourceSchema, runHistoryInput } from '@m3m/core'
import { z } from 'zod'
import type { PanelDeps } from '../panel-deps.ts'
import { bodyOrNothing, programIn } from './rest-project.ts'
import { queryBy } from './rest-query.ts'
import { restErrors } from './rest.errors.ts'

const BASE = '/api/v1/projects/:slug'
const NOTHING = z.strictObject({})
/** Nothing said: the active release. */
const SOURCE = z.union([codeSourceSchema, NOTHING.transform(() => null)])

const historyQuery = runHistoryInput
  .omit({ projectId: true })
  .extend({ limit: z.coerce.number().pipe(z.number().int().min(1).max(200)).default(50) })
  .strict()

/** Runs looked for the one that ended last; more than overlap while one version replaces another. */
const RECENT = 10

/** What runs, what ran, and starts and stops: by the rules of core's runs, written down to the key. */
export function runRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { runs } = deps.core.services

  app.get(`${BASE}/run`, async (request) => {
    const { projectId } = programIn(request, deps).caller
    const [state, recent] = await Promise.all([
      runs.state(projectId),
      runs.history({ projectId, limit: RECENT }),
    ])
    return { ...state, lastEnded: recent.find(({ endedAt }) => endedAt !== null) ?? null }
  })
  app.get(`${BASE}/runs`, async (request) => {
    const { projectId } = programIn(request, deps).caller
    return { items: await runs.history({ projectId, ...queryBy(request.query, historyQuery) }) }
  })
  app.post<{ Params: { slug: string } }>(`${BASE}/run/start`, async (request) => {
    const { caller, actor } = programIn(request as FastifyRequest, deps)
    const given = bodyOrNothing(
      request as FastifyRequest,
      SOURCE,
      '{"release": "1.2"}, {"branch": "develop"} or empty',
    )
    if (given) return runs.start(actor, caller.projectId, given)
    const { activeRelease } = await runs.state(caller.projectId)
    if (activeRelease === null) throw restErrors.REST_NO_ACTIVE_RELEASE({ slug: request.params.slug })
    return runs.start(actor, caller.projectId, { release: activeRelease })
  })
  app.post(`${BASE}/run/stop`, async (request) => {
    const { caller, actor } = programIn(request, deps)
    bodyOrNothing(request, NOTHING, 'empty')
    return runs.stop(actor, caller.projectId)
  })
  app.post(`${BASE}/run/restart`, async (request) => {
    const { caller, actor } = programIn(request, deps)
    bodyOrNothing(request, NOTHING, 'empty')
    return runs.restart(actor, caller.projectId)
  })
}
