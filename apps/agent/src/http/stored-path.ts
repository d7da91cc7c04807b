import type { FastifyRequest } from 'fastify'
import { storageErrors } from '@m3m/data'

/**
 * The path in a storage that an address `/files/{door}/{projectId}/…` names, name by name as it was sent: a slash
 * that is coded does not part names. @throws STORAGE_PATH
 */
export function pathOf(request: FastifyRequest): string {
  const sent = request.url.split('?', 1)[0]!.split('/').slice(4)
  const names = sent.map((name) => decodeURIComponent(name))
  if (names.some((name) => name.includes('/')))
    throw storageErrors.STORAGE_PATH({ path: names.join('/'), problem: 'a name holds a slash' })
  return names.join('/')
}
