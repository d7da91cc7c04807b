/** A message. Either of `text` and `html` may be missing. */
interface SmtpMessage {
  /** One address, several separated by commas, or a list: `'Ada <ada@example.com>'`. With `cc` and `bcc` at most 100. */
  to: string | string[]
  cc?: string | string[]
  bcc?: string | string[]
  /** Default the variable `SMTP_FROM`, then `SMTP_USER`. */
  from?: string
  replyTo?: string | string[]
  subject?: string
  text?: string
  html?: string
  headers?: Record<string, string>
  /** 25 MB together. */
  attachments?: SmtpAttachment[]
}
interface SmtpAttachment {
  filename?: string
  /** A text, bytes (also an `ArrayBuffer`), or with `encoding: 'base64'` base64 (in the `$` spelling base64 unless another encoding is named). */
  content?: string | Uint8Array | ArrayBuffer
  encoding?: 'utf8' | 'base64'
  /** A file of the storage instead of content. */
  path?: string
  contentType?: string
  /** For pictures in the HTML: `<img src="cid:logo">`. */
  cid?: string
}
interface SmtpReceipt {
  success: true
  messageId: string
  accepted: string[]
  rejected: string[]
}

/**
 * Mail, by the server that the project's variables name: `SMTP_HOST`, `SMTP_PORT` (default 587; 465 is TLS at once),
 * `SMTP_USER`, `SMTP_PASS`, `SMTP_FROM`. Also as `mail`. The `$` spelling never throws: `{ success: false, error }`.
 */
interface SmtpModule {
  /**
   * Sends a message.
   * @throws SMTP_NOT_CONFIGURED, SMTP_MESSAGE_INVALID, SMTP_TOO_LARGE, SMTP_FAILED, OUTBOUND_REFUSED, STORAGE_*
   */
  send(message: SmtpMessage): Promise<SmtpReceipt>
  send(
    to: string | string[],
    subject: string,
    body: string,
    options?: Partial<SmtpMessage>,
  ): Promise<SmtpReceipt>
  /** As `send` with HTML as its body. */
  sendHTML(
    to: string | string[],
    subject: string,
    html: string,
    options?: Partial<SmtpMessage>,
  ): Promise<SmtpReceipt>
  /** Connects and signs in without sending. @returns true @throws SMTP_NOT_CONFIGURED, SMTP_FAILED */
  verify(): Promise<true>
}
