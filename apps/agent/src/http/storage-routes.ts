import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '@m3m/base'
import { storageErrors } from '@m3m/data'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { operatorOf } from './route-guard.ts'
import { disposition, sendStored } from './stored-file.ts'
import { pathOf } from './stored-path.ts'
import { sentPart, type SentPart } from './upload-parts.ts'

type OfProject = { Params: { projectId: string } }

/**
 * Bytes of the storage, streamed: `PUT/GET /files/storage/{projectId}/{path}` for operators (a `PUT` with
 * `content-range` and `x-upload-id` may be cut and goes on), `GET /files/zip/{projectId}/{orderId}` for what
 * `storage.archive` ordered, and `GET /files/s/{token}/{name}` for whoever has a link.
 */
export async function storageRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  const { storage } = deps.core.services
  // Bodies are read by the handler as they come, of whatever type; JSON too is just a file here.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))

  app.get<OfProject>('/files/storage/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    const download = (request.query as { download?: unknown }).download !== undefined
    const path = pathOf(request)
    const options = { storage: deps.storedFiles.of(projectId), path, download }
    return sendStored(request, reply, { ...options, cacheControl: 'private, no-cache' })
  })

  app.put<OfProject>('/files/storage/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    try {
      const actor = operatorOf(request)
      const path = pathOf(request)
      const overwrite = request.headers['if-none-match'] !== '*'
      const part = sentPart(request)
      const upload = { projectId, path, overwrite }
      if (part) return await receivePart(request, reply, { storage, actor, part, upload })
      refuseEarly(request, path, deps.storedFiles.uploadBytes)
      const sizeBytes = await storage.upload(actor, upload, request.raw)
      return { path, sizeBytes }
    } catch (error) {
      // The rest of the body is not waited for.
      void reply.header('connection', 'close')
      if (error instanceof AppError || !request.raw.errored) throw error
      throw httpErrors.HTTP_BODY({ reason: 'the connection ended before the whole file had come' })
    }
  })

  // Gives a cut upload up: `x-upload-id` and `content-range: bytes */total` say which.
  app.delete<OfProject>('/files/storage/:projectId/*', async (request) => {
    const { projectId } = request.params
    const part = sentPart(request)
    if (!part) throw httpErrors.HTTP_BODY({ reason: 'only unfinished uploads are removed here' })
    await storage.discard(operatorOf(request), { projectId, path: pathOf(request), ...part })
    return {}
  })

  app.get<{ Params: { projectId: string; orderId: string } }>(
    '/files/zip/:projectId/:orderId',
    async (request, reply) => {
      const { projectId, orderId } = request.params
      const order = storage.archiveOrder(projectId, orderId)
      if (!order) throw httpErrors.HTTP_TICKET({})
      const stored = deps.storedFiles.of(projectId)
      const entries = await Promise.all(
        order.entries.map(async ({ path, name }) => ({ path: await stored.locate(path), name })),
      )
      void reply.headers({
        'content-type': 'application/zip',
        'content-disposition': disposition('attachment', order.fileName),
        'cache-control': 'no-store',
      })
      return reply.send(deps.zips.open(entries))
    },
  )

  app.get<{ Params: { token: string; name: string } }>('/files/s/:token/:name', async (request, reply) => {
    const { projectId, path } = await storage.links.open(request.params.token)
    // A picture behind a link may stand in any page; what is revoked is asked for again each time.
    void reply.header('cross-origin-resource-policy', 'cross-origin')
    const options = { storage: deps.storedFiles.of(projectId), path, download: false }
    return sendStored(request, reply, { ...options, cacheControl: 'no-cache' })
  })
}

interface PartUpload {
  storage: PanelDeps['core']['services']['storage']
  actor: Parameters<PartUpload['storage']['receive']>[0]
  part: SentPart
  upload: { projectId: string; path: string; overwrite: boolean }
}

/** 200 with the last byte of the file, 202 before that; both say how much has come. */
async function receivePart(
  request: FastifyRequest,
  reply: FastifyReply,
  { storage, actor, part, upload }: PartUpload,
): Promise<object> {
  const { path } = upload
  const { id, totalBytes, startBytes } = part
  const key = { ...upload, id, totalBytes }
  if (startBytes === null) {
    void reply.code(202)
    return { path, receivedBytes: await storage.received(actor, key), isWhole: false }
  }
  const result = await storage.receive(actor, { ...key, startBytes }, request.raw)
  if (!result.isWhole) void reply.code(202)
  return { path, ...result }
}

/** Before a byte is read. */
function refuseEarly({ headers }: FastifyRequest, path: string, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw storageErrors.STORAGE_TOO_LARGE({ path, limit })
}
