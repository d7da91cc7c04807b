import type { MailVariableSecurity } from '@m3m/data'
import type { MailSettings } from '../agent/agent-settings.schema.ts'

/** A mail server and how to sign in there. */
export interface MailAccount extends Omit<MailSettings, 'security'> {
  host: string
  security: MailVariableSecurity
  password: string | null
  /** A project named it: it is reached by the rules that services obey. */
  isOfProject?: true
}

export interface MailMessage {
  /** At most 50 addresses. */
  to: readonly string[]
  /** One line. */
  subject: string
  text: string
  /** Shown in place of `text` by programs that can. */
  html?: string
}

/** What the server answered. */
export interface MailReceipt {
  /** The server's last line. */
  response: string
  accepted: string[]
  rejected: string[]
}

/** Sends one message over SMTP; the agent implements it. */
export interface MailTransport {
  /** @throws an Error with the server's own words */
  send(account: MailAccount, message: MailMessage): Promise<MailReceipt>
}
