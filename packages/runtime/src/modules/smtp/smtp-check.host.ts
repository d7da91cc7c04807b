import { isPlainObject } from '../../sandbox/codec.ts'
import { MAX_RECIPIENTS, MESSAGE_PARTS, type OutgoingAttachment, type OutgoingMail } from './smtp.contract.ts'
import { smtpErrors } from './smtp.errors.ts'

/** A message from the isolate, every part checked: the sandbox half made it, but the guest shares its realm. */
export function checkMail(value: unknown): OutgoingMail {
  if (!isPlainObject(value)) throw invalid('message', 'an object')
  const to = addresses('to', value['to'])
  const cc = addresses('cc', value['cc'])
  const bcc = addresses('bcc', value['bcc'])
  const count = to.length + cc.length + bcc.length
  if (count === 0) throw invalid('to', 'at least one address')
  if (count > MAX_RECIPIENTS) throw invalid('to', `at most ${MAX_RECIPIENTS} addresses, with cc and bcc`)
  const { from, unknown } = value
  if (typeof unknown === 'string')
    throw invalid(unknown.slice(0, 50), `left out, or be one of ${MESSAGE_PARTS.join(', ')}`)
  const text = body('text', value['text'])
  const html = body('html', value['html'])
  return {
    to,
    cc,
    bcc,
    replyTo: addresses('replyTo', value['replyTo']),
    subject: line('subject', value['subject'] ?? ''),
    ...(from !== undefined && from !== '' && { from: line('from', from) }),
    ...(text !== undefined && { text }),
    ...(html !== undefined && { html }),
    headers: headers(value['headers']),
    attachments: attachments(value['attachments']),
  }
}

function invalid(field: string, expected: string): Error {
  return smtpErrors.SMTP_MESSAGE_INVALID({ field, expected })
}

function body(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw invalid(field, 'a text')
}

/** One line: a break would begin another header. */
function line(field: string, value: unknown): string {
  if (typeof value !== 'string' || value.length > 998)
    throw invalid(field, 'a text of at most 998 characters')
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value))
    throw invalid(field, 'a text without line breaks or control characters')
  return value
}

function addresses(field: string, value: unknown): string[] {
  if (value === undefined || value === null || value === '') return []
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  return list.map((item) => {
    const text = line(field, item)
    // An address, or a name with the address in angle brackets (RFC 5322 §3.4).
    if (!/^(?:[^<>]*<)?[^\s<>@,;]+@[^\s<>@,;]+>?$/.test(text.trim()))
      throw invalid(field, `an address such as "Ada <ada@example.com>", not "${text.slice(0, 100)}"`)
    return text
  })
}

// What the message itself is made of is not the author's to set twice.
const OWN = new Set([
  'from',
  'to',
  'cc',
  'bcc',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
])

function headers(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {}
  if (!isPlainObject(value)) throw invalid('headers', 'an object of texts')
  const kept: Record<string, string> = {}
  for (const [name, text] of Object.entries(value).slice(0, 50)) {
    if (!/^[!-9;-~]{1,100}$/.test(name))
      throw invalid('headers', `a name of letters, digits and hyphens, not "${name.slice(0, 50)}"`)
    if (!OWN.has(name.toLowerCase())) kept[name] = line(`headers.${name}`, String(text))
  }
  return kept
}

function attachments(value: unknown): OutgoingAttachment[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > 100) throw invalid('attachments', 'a list of at most 100')
  return value.map((item: unknown): OutgoingAttachment => {
    if (!isPlainObject(item)) throw invalid('attachments', 'a list of objects')
    const { filename, type, cid, bytes, path } = item
    if (!(bytes instanceof Uint8Array) && typeof path !== 'string') {
      throw invalid('attachments', 'objects with content (text, bytes, base64) or a path of the storage')
    }
    return {
      filename: line('attachments.filename', filename),
      ...(typeof type === 'string' && { type: line('attachments.contentType', type) }),
      ...(typeof cid === 'string' && { cid: line('attachments.cid', cid) }),
      ...(bytes instanceof Uint8Array ? { bytes } : { path: path as string }),
    }
  })
}
