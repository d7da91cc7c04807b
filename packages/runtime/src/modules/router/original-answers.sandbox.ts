// What a handler of `$router` returned, answered as the original did: every value is JSON, an envelope says more. Records
// that happen to have a `status` or `body` among other fields stay records; the original lost them.
import { Reply } from './reply.sandbox.ts'

interface Envelope {
  status?: unknown
  body?: unknown
  headers?: Record<string, unknown>
  type?: unknown
  redirectUrl?: unknown
  filePath?: unknown
}

const KEYS = ['status', 'body', 'headers', 'type', 'redirectUrl', 'filePath']

/** `made` is the last reply of the context, `typed` true when it was given a content type. */
export function originalReply(value: unknown, made: Reply | null, typed: boolean): Reply | null {
  if (made && (made.file || made.headers?.['location'])) return made
  if (value instanceof Reply) return value
  if (value === undefined || value === null) return made ?? new Reply(200, null)
  if (typeof made?.body === 'string') return made
  const envelope = envelopeOf(value)
  if (envelope) return replyOf(envelope, made)
  if (typeof value === 'string' && !typed) return textAsJson(made?.status ?? 200, value, made?.headers)
  return made && new Reply(made.status, value, made.headers)
}

/** An object of an envelope's keys only, whose status, if it has one, can be one. */
function envelopeOf(value: unknown): Envelope | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const keys = Object.keys(value)
  if (!keys.includes('status') && !keys.includes('body')) return null
  if (!keys.every((key) => KEYS.includes(key))) return null
  const { status = 200 } = value as Envelope
  return Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 599 ? value : null
}

function replyOf(
  { status, body = null, headers, type, redirectUrl, filePath }: Envelope,
  made: Reply | null,
) {
  const code = (status as number | undefined) ?? made?.status ?? 200
  const all = { ...made?.headers, ...headers }
  if (type === 'redirect' && redirectUrl !== undefined)
    return new Reply(code === 200 ? 302 : code, undefined, { ...all, location: String(redirectUrl) })
  if (type === 'file' && filePath !== undefined) {
    const reply = new Reply(200, undefined, all)
    reply.file = { path: String(filePath) }
    return reply
  }
  const typed = Object.keys(all).some((name) => name.toLowerCase() === 'content-type')
  return typeof body === 'string' && type !== 'raw' && !typed
    ? textAsJson(code, body, all)
    : new Reply(code, body, all)
}

function textAsJson(status: number, text: string, headers: Record<string, unknown> = {}): Reply {
  return new Reply(status, JSON.stringify(text), {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
  })
}
