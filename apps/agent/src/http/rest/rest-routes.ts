import type { FastifyInstance } from 'fastify'
import type { PanelDeps } from '../panel-deps.ts'
import { programOf } from '../route-guard.ts'
import { genericDocument, projectDocument } from './openapi.ts'
import { goalRoutes } from './goal-routes.ts'
import { recordFiles } from './record-files.ts'
import { recordRoutes } from './record-routes.ts'
import { createRestProjects, dataOf, isFor } from './rest-project.ts'
import { runRoutes } from './run-routes.ts'
import { setRoutes } from './set-routes.ts'
import { restErrors } from './rest.errors.ts'

/** REST for programs, by a key of the project: the same rules, parameters and errors as everywhere (wire.md). */
export async function restRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  const projects = createRestProjects(deps)
  // A form with files is read by its handler as it comes.
  app.addContentTypeParser('multipart/form-data', (_request, _body, done) => done(null))
  // Clients name the type of a body that they then leave out: there is none, and each route says whether that will do.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null) : parseJson(request, body, done),
  )
  recordRoutes(app, deps, projects)
  setRoutes(app, projects)
  recordFiles(app, deps, projects)
  runRoutes(app, deps)
  goalRoutes(app, deps)

  app.get('/api/v1/openapi.json', async (request) => {
    const caller = programOf(request)
    if (caller === null) return genericDocument()
    const project = await deps.core.services.projects.find(caller.projectId)
    if (!project) throw restErrors.REST_NO_KEY({})
    const models = await dataOf(deps, caller).models.list()
    return projectDocument(
      project,
      models.filter((model) => isFor(caller, model)),
    )
  })
}
