import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { honestText } from '@m3m/base'
import { mimeTypeOf, SNIFF_BYTES, storageErrors, type ProjectStorage } from '@m3m/data'

/** Whoever uploaded it, it is no page of the panel: no scripts, no origin, nothing loaded (CSP sandbox). */
export const FILE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
/** What a browser shows and cannot run. SVG is a document with scripts; everything else is downloaded. */
const SHOWN = /^(?:image\/(?!svg)|audio\/|video\/|text\/plain$)/

export interface SendOptions {
  /** As of RFC 9111 §5.2.2. */
  cacheControl: string
  /** Downloaded whatever its type is. */
  download: boolean
}

/**
 * Answers with a file of a storage.
 *
 * @throws STORAGE_*
 */
export async function sendStored(
  request: FastifyRequest,
  reply: FastifyReply,
  { storage, path, ...options }: SendOptions & { storage: ProjectStorage; path: string },
): Promise<FastifyReply> {
  const entry = await storage.stat(path)
  if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path })
  if (entry.kind !== 'file') throw storageErrors.STORAGE_KIND({ path, wanted: 'file' })
  return sendFile(request, reply, { file: await storage.locate(path), name: entry.name, ...options })
}

/**
 * Answers with a file: whole, one range of it, or not at all (RFC 9110 §13, §14). What was opened is what is measured
 * and sent: a file that is replaced meanwhile does not mix with the one before.
 */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { file, name, ...options }: SendOptions & { file: string; name: string },
): Promise<FastifyReply> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(file, flags)
  try {
    const { size, mtimeMs, mtime, ino } = await handle.stat()
    const etag = `"${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
    void reply.headers({ ...(await headersOf(handle, name, options)), etag })
    void reply.header('last-modified', mtime.toUTCString())
    if (isKnown(request, etag)) return await ended(handle, reply.code(304))
    const range = rangeOf(request, size, etag)
    if (range === 'unsatisfiable')
      return await ended(handle, reply.code(416).header('content-range', `bytes */${size}`))
    const { start, end } = range ?? { start: 0, end: size - 1 }
    if (range) void reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`)
    void reply.header('content-length', end - start + 1)
    if (end < start || request.method === 'HEAD') return await ended(handle, reply)
    return await reply.send(handle.createReadStream({ start, end }))
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function ended(handle: FileHandle, reply: FastifyReply): Promise<FastifyReply> {
  await handle.close()
  return reply.send()
}

async function headersOf(
  handle: FileHandle,
  name: string,
  { cacheControl, download }: SendOptions,
): Promise<Record<string, string>> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0)
  const type = mimeTypeOf(name, buffer.subarray(0, bytesRead))
  const shown = !download && SHOWN.test(type)
  return {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-disposition': disposition(shown ? 'inline' : 'attachment', name),
    'content-security-policy': FILE_POLICY,
    'accept-ranges': 'bytes',
    'cache-control': cacheControl,
  }
}

/** RFC 6266, with RFC 8187 for names beyond ASCII. What would make the saved name look like another is left out. */
export function disposition(kind: 'inline' | 'attachment', stored: string): string {
  const name = honestText(stored) || 'file'
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const coded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${coded}`
}

function isKnown(request: FastifyRequest, etag: string): boolean {
  const known = request.headers['if-none-match']
  return known !== undefined && known.split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()))
}

/** One range; several are answered whole, which RFC 9110 §14.2 allows. */
function rangeOf(
  { headers }: FastifyRequest,
  size: number,
  etag: string,
): { start: number; end: number } | 'unsatisfiable' | null {
  const found = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '')
  const condition = headers['if-range']
  if (!found || found[0] === 'bytes=-' || (condition !== undefined && condition !== etag)) return null
  const [, first, last] = found
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start > end ? 'unsatisfiable' : { start, end }
}
