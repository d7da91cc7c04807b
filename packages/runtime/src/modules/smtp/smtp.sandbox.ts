import { encodeUtf8, fromBase64 } from '../../sandbox/bytes.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { rethrow } from '../../sandbox/lanes.ts'
import type { MailReceipt, OutgoingAttachment } from './smtp.contract.ts'

type Options = Record<string, unknown>

export const room: SandboxRoom = (lane) => ({
  /** `send(message)`, or as in the original `send(to, subject, body, options)`. */
  send: (first: unknown, ...rest: unknown[]) =>
    deliver(lane, () =>
      isPlainObject(first) ? messageOf(lane, first) : fromArguments(lane, 'text', [first, ...rest]),
    ),
  sendHTML: (...args: unknown[]) => deliver(lane, () => fromArguments(lane, 'html', args)),
  verify: () => {
    const call = () =>
      lane.map(lane.call('smtp.verify', []), () => (lane.kind === 'dollar' ? { success: true } : true))
    return lane.kind === 'dollar' ? lane.recover(call, failed) : call()
  },
})

function deliver(lane: Lane, message: () => object): unknown {
  const call = () =>
    lane.map(lane.call<MailReceipt>('smtp.send', [message()]), (receipt) => ({ success: true, ...receipt }))
  // Also what is wrong with the message comes by the promise.
  return lane.recover(call, lane.kind === 'dollar' ? failed : rethrow)
}

/** What `$smtp` gives instead of throwing. */
function failed(error: unknown): object {
  return { success: false, error: error instanceof Error ? error.message : String(error) }
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null || value === ''
    ? []
    : Array.isArray(value)
      ? (value as unknown[])
      : splitAddresses(textOf(value))

/** `a@b.c, "Doe, J." <d@e.f>` → two addresses. */
function splitAddresses(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^,])+/g) ?? []).map((part) => part.trim()).filter(Boolean)
}

function fromArguments(lane: Lane, kind: 'text' | 'html', [to, subject, body, options]: unknown[]): object {
  const given = (typeof options === 'object' && options !== null ? options : {}) as Options
  return messageOf(lane, { ...given, to, subject, [kind]: textOf(body) })
}

/** Names of both kinds are taken: those of new services and the original's with underscores. */
function messageOf(lane: Lane, given: Options): object {
  return {
    from: given['from'],
    to: listOf(given['to']),
    cc: listOf(given['cc']),
    bcc: listOf(given['bcc']),
    replyTo: listOf(given['replyTo'] ?? given['reply_to']),
    subject: textOf(given['subject']),
    text: given['text'] ?? (given['html'] === undefined ? textOf(given['body']) : undefined),
    html: given['html'],
    headers: given['headers'],
    attachments: Array.isArray(given['attachments'])
      ? (given['attachments'] as Options[]).map((item) => attachmentOf(lane, item))
      : undefined,
  }
}

function attachmentOf(lane: Lane, item: Options): Partial<OutgoingAttachment> {
  const { filename, content, path, cid, encoding } = item
  const type = item['contentType'] ?? item['content_type']
  // In the original content is always base64.
  const isBase64 = encoding === 'base64' || (lane.kind === 'dollar' && encoding === undefined)
  const bytes =
    content instanceof Uint8Array
      ? content
      : isBase64
        ? fromBase64(textOf(content))
        : encodeUtf8(textOf(content))
  const name = textOf(filename) || textOf(path).split('/').pop() || 'file'
  return {
    filename: name,
    ...(type !== undefined && { type: textOf(type) }),
    ...(cid !== undefined && { cid: textOf(cid) }),
    ...(path !== undefined ? { path: textOf(path) } : bytes && { bytes }),
  }
}
