import { encodeUtf8, fromBase64 } from '../../sandbox/bytes.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { rethrow } from '../../sandbox/lanes.ts'
import { MESSAGE_PARTS, type MailReceipt, type OutgoingAttachment } from './smtp.contract.ts'

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

const PARTS = new Set([...MESSAGE_PARTS, 'reply_to', 'body'])

/** Names of both kinds are taken: those of new services and the original's with underscores. */
function messageOf(lane: Lane, given: Options): object {
  return {
    // A name that nobody reads is a part that silently does not arrive; scripts of the original are as they are.
    unknown: lane.kind === 'dollar' ? undefined : Object.keys(given).find((name) => !PARTS.has(name)),
    from: given['from'],
    to: listOf(given['to']),
    cc: listOf(given['cc']),
    bcc: listOf(given['bcc']),
    replyTo: listOf(given['replyTo'] ?? given['reply_to']),
    subject: textOf(given['subject']),
    text: bodyOf(given['text'] ?? (given['html'] === undefined ? textOf(given['body']) : undefined)),
    html: bodyOf(given['html']),
    headers: given['headers'],
    attachments: Array.isArray(given['attachments'])
      ? (given['attachments'] as Options[]).map((item) => attachmentOf(lane, item))
      : given['attachments'],
  }
}

/** A number is written out; what is no text is refused by the host. */
const bodyOf = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value)

function attachmentOf(lane: Lane, item: Options): Partial<OutgoingAttachment> {
  const { filename, content, path, cid, encoding } = item
  const type = item['contentType'] ?? item['content_type']
  // In the original content is always base64.
  const isBase64 = encoding === 'base64' || (lane.kind === 'dollar' && encoding === undefined)
  const bytes = bytesOf(content, isBase64)
  const name = textOf(filename) || textOf(path).split('/').pop() || 'file'
  return {
    filename: name,
    ...(type !== undefined && { type: textOf(type) }),
    ...(cid !== undefined && { cid: textOf(cid) }),
    ...(path !== undefined ? { path: textOf(path) } : bytes && { bytes }),
  }
}

/** `undefined` for what is neither a text nor bytes: "[object Object]" is no attachment anybody wants. */
function bytesOf(content: unknown, isBase64: boolean): Uint8Array | null | undefined {
  if (content instanceof Uint8Array) return content
  if (content instanceof ArrayBuffer) return new Uint8Array(content)
  if (ArrayBuffer.isView(content))
    return new Uint8Array(content.buffer as ArrayBuffer, content.byteOffset, content.byteLength)
  if (typeof content === 'object' && content !== null) return undefined
  return isBase64 ? fromBase64(textOf(content)) : encodeUtf8(textOf(content))
}
