import type { FastifyInstance } from 'fastify'
import { aggregateSchema, batchOperationSchema, bulkOperationSchema, MAX_BULK } from '@m3m/data/schema'
import { z } from 'zod'
import { BASE, bodyOf, checkModel, type Named, type RestProjects } from './rest-project.ts'

const bulkBody = z.strictObject({ operations: z.array(bulkOperationSchema).min(1).max(MAX_BULK) })
const batchBody = z.strictObject({ operations: z.array(batchOperationSchema).min(1).max(MAX_BULK) })
const WRITES = `{"operations": […]} with 1 to ${MAX_BULK} writes`

/** Several records in one call: batches of writes, and figures. */
export function setRoutes(app: FastifyInstance, projects: RestProjects): void {
  app.post<Named>(`${BASE}/bulk`, async (request) => {
    const { data } = await projects.openModel(request)
    return data.records.bulk(request.params.model, bodyOf(request, bulkBody, WRITES).operations)
  })
  // Over several models: all or nothing where the server has transactions.
  app.post('/api/v1/projects/:slug/batch', async (request) => {
    const { data, caller } = projects.open(request)
    const { operations } = bodyOf(request, batchBody, `${WRITES}, each with its "model"`)
    if (caller.models) {
      const models = await data.models.list()
      for (const { model } of operations) {
        const known = models.find(({ id, slug }) => id === model || slug === model)
        if (known) checkModel(caller, known)
      }
    }
    return data.records.batch(operations)
  })
  app.post<Named>(`${BASE}/aggregate`, async (request) => {
    const { data } = await projects.openModel(request)
    const query = bodyOf(request, aggregateSchema, 'an object of filter, groupBy, measures, sort and limit')
    return { rows: await data.records.aggregate(request.params.model, query) }
  })
}
