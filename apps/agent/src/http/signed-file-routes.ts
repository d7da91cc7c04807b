import type { FastifyInstance } from 'fastify'
import { isId } from '@m3m/base'
import { readFileLink } from '@m3m/data'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { sendStored } from './stored-file.ts'
import { pathOf } from './stored-path.ts'

/** `GET /files/signed/{projectId}/{path}?link=…`: what a service gave a link to (`storage.url`). */
export async function signedFileRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  app.get<{ Params: { projectId: string } }>('/files/signed/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    const { link } = request.query as { link?: unknown }
    if (!isId(projectId)) throw httpErrors.HTTP_FILE_LINK({})
    const file = { projectId, path: pathOf(request) }
    const found = readFileLink(
      deps.fileLinkKey(projectId),
      file,
      typeof link === 'string' ? link : '',
      Date.now(),
    )
    if (found === 'unknown') throw httpErrors.HTTP_FILE_LINK({})
    if (found === 'ended') throw httpErrors.HTTP_FILE_LINK_ENDED({})
    // A picture behind a link may stand in any page; a file that was removed is gone at once.
    void reply.header('cross-origin-resource-policy', 'cross-origin')
    const options = { storage: deps.storedFiles.of(projectId), path: file.path, download: false }
    return sendStored(request, reply, { ...options, cacheControl: 'no-cache' })
  })
}
