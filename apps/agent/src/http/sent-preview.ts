import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { FILE_POLICY } from './stored-file.ts'

/** Answers with a small picture. Its tag is the content it was made of: one that did not change is not sent again. */
export async function sendPreview(
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
): Promise<FastifyReply> {
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
}
