import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { PREVIEW_SIZES, type PreviewSize } from '../adapters/previews.ts'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { FILE_POLICY } from './stored-file.ts'
import { pathOf } from './stored-path.ts'

/**
 * `GET /files/preview/{projectId}/{path}?size=50|100|1024`: a WebP, square and filled up to 100, whole above. Its tag
 * is the content it was made of, so that a picture that did not change is not sent again.
 */
export function previewRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.get<{ Params: { projectId: string } }>('/files/preview/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    const size = sizeOf((request.query as { size?: unknown }).size)
    const file = await deps.previews.of(projectId, pathOf(request), size)
    const etag = `"${basename(file, '.webp')}"`
    void reply.headers({
      'content-type': 'image/webp',
      'content-security-policy': FILE_POLICY,
      'cache-control': 'private, no-cache',
      etag,
    })
    if (request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag))
      return reply.code(304).send()
    const handle = await open(file)
    void reply.header('content-length', (await handle.stat()).size)
    return reply.send(handle.createReadStream())
  })
}

function sizeOf(text: unknown): PreviewSize {
  const size = Number(text ?? 50)
  if (Object.hasOwn(PREVIEW_SIZES, size)) return size as PreviewSize
  throw httpErrors.HTTP_BODY({ reason: `size is one of ${Object.keys(PREVIEW_SIZES).join(', ')}` })
}
