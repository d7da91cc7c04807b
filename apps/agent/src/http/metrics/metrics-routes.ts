import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { PanelDeps } from '../panel-deps.ts'
import { requestInput } from '../request-input.ts'
import { exposition } from './exposition.ts'
import { metricFamilies } from './families.ts'
import { metricsHttpErrors } from './metrics-http.errors.ts'

/** `GET /metrics` for Prometheus, with the token of `metrics.token`; without one it is not there. */
export function metricsRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { core, metricsToken } = deps
  app.get('/metrics', async (request, reply) => {
    if (metricsToken === null) throw metricsHttpErrors.METRICS_OFF({})
    const { token } = requestInput(request.raw, deps.peerOf(request.raw))
    if (token === null || !isSame(token, metricsToken)) throw metricsHttpErrors.METRICS_TOKEN({})
    const text = exposition(metricFamilies(await core.services.metrics.snapshot()))
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text)
  })
}

/** In a time that tells nothing of how much of it was right. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
