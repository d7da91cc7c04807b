/** One message may go to so many. */
export const MAX_RECIPIENTS = 100
/** All attachments of a message together. */
export const MAX_ATTACHMENTS_BYTES = 25 * 1024 * 1024

/** A message as it crosses from the isolate. */
export interface OutgoingMail {
  from?: string
  to: string[]
  cc: string[]
  bcc: string[]
  replyTo: string[]
  subject: string
  text?: string
  html?: string
  headers: Record<string, string>
  attachments: OutgoingAttachment[]
}

export interface OutgoingAttachment {
  filename: string
  type?: string
  /** For pictures inside the HTML: `cid:<id>`. */
  cid?: string
  bytes?: Uint8Array
  /** A file of the storage instead of bytes. */
  path?: string
}

/** What the mail server said. */
export interface MailReceipt {
  messageId: string
  accepted: string[]
  rejected: string[]
}

/** What a message may say. */
export const MESSAGE_PARTS = [
  'to',
  'cc',
  'bcc',
  'from',
  'replyTo',
  'subject',
  'text',
  'html',
  'headers',
  'attachments',
] as const
