import type { FastifyInstance } from 'fastify'
import { isId } from '@m3m/base'
import { readFileLink } from '@m3m/data'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { sendPreview } from './sent-preview.ts'
import { sendStored } from './stored-file.ts'
import { pathOf } from './stored-path.ts'
import { readThumb } from './thumb.ts'

/**
 * `GET /files/signed/{projectId}/{path}?link=…`: what a service gave a link to (`storage.url`), or a program with a key;
 * with `thumb=…`, which the link is signed with, the small picture of it.
 */
export async function signedFileRoutes(app: FastifyInstance, deps: PanelDeps): Promise<void> {
  app.get<{ Params: { projectId: string } }>('/files/signed/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    const { link, thumb } = request.query as { link?: unknown; thumb?: unknown }
    if (!isId(projectId)) throw httpErrors.HTTP_FILE_LINK({})
    const file = { projectId, path: pathOf(request), ...(typeof thumb === 'string' && { thumb }) }
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
    const shape = file.thumb === undefined ? null : readThumb(file.thumb)
    if (shape) return sendPreview(request, reply, await deps.previews.of(projectId, file.path, shape))
    const options = { storage: deps.storedFiles.of(projectId), path: file.path, download: false }
    return sendStored(request, reply, { ...options, cacheControl: 'no-cache' })
  })
}
