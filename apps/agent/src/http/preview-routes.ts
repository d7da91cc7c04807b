import type { FastifyInstance } from 'fastify'
import type { PreviewShape } from '../adapters/previews.ts'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { sendPreview } from './sent-preview.ts'
import { pathOf } from './stored-path.ts'

/** Squares for lists (twice as fine for dense screens), and the pane beside them. */
const SIZES: Readonly<Record<string, PreviewShape['fit']>> = { 50: 'cover', 100: 'cover', 1024: 'inside' }

/** `GET /files/preview/{projectId}/{path}?size=50|100|1024`: a WebP, square and filled up to 100, whole above. */
export function previewRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.get<{ Params: { projectId: string } }>('/files/preview/:projectId/*', async (request, reply) => {
    const { projectId } = request.params
    const shape = shapeOf((request.query as { size?: unknown }).size)
    return sendPreview(request, reply, await deps.previews.of(projectId, pathOf(request), shape))
  })
}

function shapeOf(text: unknown): PreviewShape {
  const size = Number(text ?? 50)
  const fit = SIZES[size]
  if (fit) return { width: size, height: size, fit }
  throw httpErrors.HTTP_BODY({ reason: `size is one of ${Object.keys(SIZES).join(', ')}` })
}
