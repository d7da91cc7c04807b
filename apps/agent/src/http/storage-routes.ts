import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '@m3m/base'
import { storageErrors } from '@m3m/data'
import { callerOf } from './caller.ts'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { sendStored } from './stored-file.ts'
import { pathOf } from './stored-path.ts'

type OfProject = { Params: { projectId: string } }

/**
 * Bytes of the storage, streamed: `PUT/GET /files/storage/{projectId}/{path}` for operators, and
 * `GET /files/s/{token}/{name}` for whoever has a link.
 */
export async function storageRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  const { storage } = deps.core.services
  // Bodies are read by the handler as they come, of whatever type; JSON too is just a file here.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))

  app.get<OfProject>('/files/storage/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    await callerOf(request, deps).admit({ project: 'view' }, { projectId })
    const download = (request.query as { download?: unknown }).download !== undefined
    const path = pathOf(request)
    const options = { storage: deps.storedFiles.of(projectId), path, download }
    return sendStored(request, reply, { ...options, cacheControl: 'private, no-cache' })
  })

  app.put<OfProject>('/files/storage/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    try {
      const { actor } = await callerOf(request, deps).admit({ project: 'files:write' }, { projectId })
      const path = pathOf(request)
      refuseEarly(request, path, deps.storedFiles.uploadBytes)
      const overwrite = request.headers['if-none-match'] !== '*'
      const sizeBytes = await storage.upload(actor!, { projectId, path, overwrite }, request.raw)
      return { path, sizeBytes }
    } catch (error) {
      // The rest of the body is not waited for.
      void reply.header('connection', 'close')
      if (error instanceof AppError || !request.raw.errored) throw error
      throw httpErrors.HTTP_BODY({ reason: 'the connection ended before the whole file had come' })
    }
  })

  app.get<{ Params: { token: string; name: string } }>('/files/s/:token/:name', async (request, reply) => {
    const { projectId, path } = await storage.links.open(request.params.token)
    // A picture behind a link may stand in any page; what is revoked is asked for again each time.
    void reply.header('cross-origin-resource-policy', 'cross-origin')
    const options = { storage: deps.storedFiles.of(projectId), path, download: false }
    return sendStored(request, reply, { ...options, cacheControl: 'no-cache' })
  })
}

/** Before a byte is read. */
function refuseEarly({ headers }: FastifyRequest, path: string, limit: number): void {
  // RFC 9110 §14.5: a part must not be taken for the whole.
  if (headers['content-range'] !== undefined)
    throw httpErrors.HTTP_BODY({ reason: 'a file is sent whole, without content-range' })
  if (Number(headers['content-length'] ?? 0) > limit) throw storageErrors.STORAGE_TOO_LARGE({ path, limit })
}
