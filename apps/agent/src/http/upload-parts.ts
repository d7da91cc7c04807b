import type { FastifyRequest } from 'fastify'
import { httpErrors } from './http.errors.ts'

/** A part of a file, as RFC 9110 §14.4 writes it; `null` bytes ask how far the upload is. */
export interface SentPart {
  id: string
  totalBytes: number
  startBytes: number | null
}

const ID = /^[\w-]{8,100}$/

/** What the head says of a part; `null` when the file is sent whole. @throws HTTP_BODY */
export function sentPart({ headers }: FastifyRequest): SentPart | null {
  const sent = headers['content-range']
  if (sent === undefined) return null
  const found = /^bytes (?:\*|(\d{1,15})-(\d{1,15}))\/(\d{1,15})$/.exec(sent)
  const [start, end, total] = found?.slice(1).map((each) => (each === undefined ? null : Number(each))) ?? []
  const isOrdered = start === null || (start! <= end! && end! < total!)
  if (!found || !isOrdered)
    throw httpErrors.HTTP_BODY({ reason: 'content-range is "bytes first-last/total" or "bytes */total"' })
  return { id: uploadId(headers['x-upload-id']), totalBytes: total!, startBytes: start! }
}

/** @throws HTTP_BODY */
export function uploadId(sent: string | string[] | undefined): string {
  if (typeof sent === 'string' && ID.test(sent)) return sent
  throw httpErrors.HTTP_BODY({
    reason: 'a part of a file needs x-upload-id, 8 to 100 letters, digits, "-" or "_" that name the upload',
  })
}
