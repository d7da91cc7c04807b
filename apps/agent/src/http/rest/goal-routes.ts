import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { PanelDeps } from '../panel-deps.ts'
import { bodyOrNothing, programIn } from './rest-project.ts'

/** How large `by` may be is the rule of goals. */
const amountBody = z.strictObject({ by: z.number().optional() })

/** Counting from outside, by the rules of goals: the project's own, and the global ones that it may write. */
export function goalRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { goals } = deps.data

  app.post<{ Params: { slug: string; goal: string } }>(
    '/api/v1/projects/:slug/goals/:goal/increment',
    async (request) => {
      const { slug, goal } = request.params
      const project = { id: programIn(request as FastifyRequest, deps).caller.projectId, slug }
      const { by } = bodyOrNothing(request as FastifyRequest, amountBody, '{"by": 1} or empty')
      await goals.increment(project, goal, by)
      return { goal: (await goals.find(project, goal)).slug, value: await goals.value(project, goal) }
    },
  )
}
