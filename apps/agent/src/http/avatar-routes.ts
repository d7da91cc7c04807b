import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { isId } from '@m3m/base'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { operatorOf } from './route-guard.ts'

/** The panel sends a cropped square of 256 pixels; a photograph of this size would be one that was not cropped. */
const MAX_AVATAR_BYTES = 512 * 1024

const KINDS = [
  { type: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0 },
  { type: 'image/jpeg', magic: [0xff, 0xd8, 0xff], at: 0 },
  { type: 'image/webp', magic: [0x57, 0x45, 0x42, 0x50], at: 8 },
] as const

/** Pictures of operators: `PUT /files/avatar` (own), `GET /files/avatar/{userId}` (any operator who is signed in). */
export function avatarRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { avatars } = deps

  app.put('/files/avatar', { bodyLimit: MAX_AVATAR_BYTES }, async (request) => {
    const actor = operatorOf(request)
    const bytes = request.body
    if (!Buffer.isBuffer(bytes) || !kindOf(bytes))
      throw httpErrors.HTTP_BODY({ reason: 'expected the bytes of a PNG, JPEG or WebP image' })
    return deps.core.services.users.setAvatar(actor, await avatars.keep(actor.userId, bytes))
  })

  app.delete('/files/avatar', async (request) => {
    const actor = operatorOf(request)
    await avatars.remove(actor.userId)
    return deps.core.services.users.setAvatar(actor, null)
  })

  app.get<{ Params: { userId: string } }>('/files/avatar/:userId', async (request, reply) => {
    const { userId } = request.params
    const found = isId(userId) && (await stat(avatars.fileOf(userId)).catch(() => null))
    if (!found) throw httpErrors.HTTP_NO_ROUTE({ method: 'GET', path: request.url.split('?', 1)[0]! })
    const head = await readHead(avatars.fileOf(userId))
    return reply
      .type(kindOf(head) ?? 'application/octet-stream')
      .header('content-length', found.size)
      .header('cache-control', 'private, max-age=300')
      .send(createReadStream(avatars.fileOf(userId)))
  })
}

async function readHead(file: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(file, { end: 15 })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** By its first bytes, whatever the sender calls it. */
function kindOf(bytes: Buffer): string | null {
  const kind = KINDS.find(({ magic, at }) => magic.every((byte, index) => bytes[at + index] === byte))
  return kind?.type ?? null
}
