import type { FastifyInstance } from 'fastify'
import type { PanelDeps } from './panel-deps.ts'
import { sendFile } from './stored-file.ts'

/** `GET /files/backups/{name}`, for root: in ranges, so that a download that was cut goes on. */
export function backupRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.get<{ Params: { name: string } }>('/files/backups/:name', async (request, reply) => {
    const { name } = request.params
    const { backups } = deps.core.services
    // The list is made of plain names in one folder: nothing else has a file here.
    const file = await backups.fileOf(name)
    return sendFile(request, reply, { file, name, cacheControl: 'no-store', download: true })
  })
}
