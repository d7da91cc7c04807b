// `router.file`: a path of the project's storage, confined and served by the agent (Range, ETag).
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename, extname, join, resolve, sep } from 'node:path'
import type { CheckedAnswer } from '../supervisor/stream-owner.ts'
import { refuse } from './http-exchange.ts'
import { mimeTypeOf } from './mime-types.ts'
import { responseHeaders, type HeaderRules } from './response-headers.ts'

export interface FileRequest {
  request: IncomingMessage
  response: ServerResponse
  projectId: string
  file: NonNullable<CheckedAnswer['file']>
  answer: CheckedAnswer
  rules: HeaderRules
  /** Told once how many bytes of the file left. */
  onSent(bytes: number): void
}

interface Found {
  path: string
  size: number
  etag: string
  modified: string
}

/** Makes the server of files below `{storagePath}/{projectId}/storage`. */
export function createFileServer(storagePath: string): (request: FileRequest) => Promise<void> {
  return async (request) => {
    const { response, rules, file } = request
    try {
      const found = await findFile(join(storagePath, request.projectId, 'storage'), file.path)
      if (found) send(request, found)
      else refuse(response, rules, { status: 404, error: 'There is no such file.' })
    } catch {
      refuse(response, rules, { status: 500, error: 'The file cannot be read.' })
    }
  }
}

/** The file, if it lies inside `root`, links followed. */
async function findFile(root: string, path: string): Promise<Found | null> {
  if (path.includes('\0')) return null
  const wanted = resolve(root, `./${path.replaceAll('\\', '/')}`)
  try {
    const [realRoot, real] = [await realpath(root), await realpath(wanted)]
    if (!real.startsWith(realRoot + sep)) return null
    const { size, mtimeMs, mtime, ino } = await stat(real)
    if (!(await stat(real)).isFile()) return null
    const etag = `"${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
    return { path: real, size, etag, modified: mtime.toUTCString() }
  } catch {
    return null
  }
}

function send({ request, response, file, answer, rules, onSent }: FileRequest, found: Found): void {
  const given = typeof answer.headers === 'number' ? [] : answer.headers
  const base = [...given, 'etag', found.etag, 'last-modified', found.modified, 'accept-ranges', 'bytes']
  if (!hasHeader(given, 'content-type')) base.push('content-type', mimeTypeOf(extname(found.path)))
  if (file.maxAge !== undefined) base.push('cache-control', `max-age=${Math.floor(file.maxAge)}`)
  if (file.download !== undefined) base.push('content-disposition', attachment(file.download))
  if (isFresh(request, found)) {
    response.writeHead(304, responseHeaders(base, null, rules))
    response.end()
    return
  }
  const range = rangeOf(request, found)
  if (range === 'unsatisfiable') {
    response.writeHead(416, responseHeaders([...base, 'content-range', `bytes */${found.size}`], 0, rules))
    response.end()
    return
  }
  const { start, end } = range ?? { start: 0, end: found.size - 1 }
  const length = Math.max(0, end - start + 1)
  if (range) base.push('content-range', `bytes ${start}-${end}/${found.size}`)
  response.writeHead(range ? 206 : answer.status, responseHeaders(base, length, rules))
  if (request.method === 'HEAD' || length === 0) return void response.end()
  const stream = createReadStream(found.path, { start, end })
  stream.on('error', () => response.destroy())
  response.on('close', () => {
    onSent(stream.bytesRead)
    stream.destroy()
  })
  stream.pipe(response)
}

function isFresh(request: IncomingMessage, { etag, modified }: Found): boolean {
  const known = request.headers['if-none-match']
  if (known !== undefined) return known.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*')
  const since = request.headers['if-modified-since']
  return since !== undefined && Date.parse(modified) <= Date.parse(since)
}

// RFC 9110, section 14: one range; several are answered whole.
function rangeOf(
  request: IncomingMessage,
  { size, etag }: Found,
): { start: number; end: number } | 'unsatisfiable' | null {
  const condition = request.headers['if-range']
  const found = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '')
  if (!found || (found[1] === '' && found[2] === '') || (condition !== undefined && condition !== etag))
    return null
  const start = found[1] === '' ? Math.max(0, size - Number(found[2])) : Number(found[1])
  const end = found[1] === '' || found[2] === '' ? size - 1 : Math.min(Number(found[2]), size - 1)
  return start >= size || start > end ? 'unsatisfiable' : { start, end }
}

function hasHeader(list: readonly string[], name: string): boolean {
  for (let i = 0; i < list.length; i += 2) if (list[i]!.toLowerCase() === name) return true
  return false
}

// RFC 6266 with RFC 8187 for names beyond ASCII.
function attachment(name: string): string {
  const plain = basename(name).replace(/[^\x20-\x7e]|["\\]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(basename(name))}`
}
