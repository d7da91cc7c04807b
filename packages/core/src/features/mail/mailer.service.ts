import { mailFailure } from '@m3m/data'
import type { MailAccount, MailMessage, MailReceipt, MailTransport } from './mail-transport.port.ts'
import { mailErrors } from './mail.errors.ts'

/** The agent's own mail: alerts, tests. Services send theirs by the module `smtp`. */
export interface Mailer {
  /** Whether a mail server is set. */
  isConfigured(): boolean
  /**
   * Sends one message from the agent's address; resolves when the server took it for at least one recipient.
   * @throws MAIL_NOT_CONFIGURED, MAIL_INVALID, MAIL_FAILED with the server's own words
   */
  send(message: MailMessage): Promise<MailReceipt>
}

export interface MailerDeps {
  /** Asked at each message: a change of the settings holds at once. */
  account(): MailAccount | null
  transport: MailTransport
}

const MAX_RECIPIENTS = 50
const MAX_SUBJECT = 200
const MAX_BODY = 1024 * 1024

export function createMailer({ account, transport }: MailerDeps): Mailer {
  return {
    isConfigured: () => account() !== null,
    async send(message) {
      const server = account()
      if (!server) throw mailErrors.MAIL_NOT_CONFIGURED({})
      check(message)
      const receipt = await transport.send(server, message).catch((error: unknown) => {
        throw failed(server, mailFailure(error, server), error)
      })
      if (receipt.accepted.length === 0) throw failed(server, receipt.response)
      return receipt
    },
  }
}

/** A line break in an address or a subject would begin another header (CWE-93). */
function check({ to, subject, text, html = '' }: MailMessage): void {
  if (to.length === 0 || to.length > MAX_RECIPIENTS)
    throw mailErrors.MAIL_INVALID({ what: 'recipients', expected: `1 to ${MAX_RECIPIENTS} addresses` })
  if (to.some((address) => !/^[^\s@,;<>]+@[^\s@,;<>]+$/.test(address)))
    throw mailErrors.MAIL_INVALID({ what: 'recipients', expected: 'addresses such as name@example.com' })
  if (/[\r\n]/.test(subject) || subject.length > MAX_SUBJECT)
    throw mailErrors.MAIL_INVALID({
      what: 'subject',
      expected: `one line of at most ${MAX_SUBJECT} characters`,
    })
  if (text.length + html.length > MAX_BODY)
    throw mailErrors.MAIL_INVALID({ what: 'text', expected: `at most ${MAX_BODY} characters` })
}

function failed({ host }: MailAccount, reason: string, cause?: unknown) {
  return mailErrors.MAIL_FAILED({ host, reason: reason.replace(/\.$/, '') }, { cause })
}
