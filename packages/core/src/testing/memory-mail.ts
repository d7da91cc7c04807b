import type {
  MailAccount,
  MailMessage,
  MailReceipt,
  MailTransport,
} from '../features/mail/mail-transport.port.ts'

/** A mail server that keeps what it is given. */
export class MemoryMail implements MailTransport {
  readonly sent: { account: MailAccount; message: MailMessage }[] = []
  /** What the server says instead of taking the next messages. */
  refusal: string | null = null

  async send(account: MailAccount, message: MailMessage): Promise<MailReceipt> {
    if (this.refusal !== null) throw new Error(this.refusal)
    this.sent.push({ account, message })
    return { response: '250 queued', accepted: [...message.to], rejected: [] }
  }
}
