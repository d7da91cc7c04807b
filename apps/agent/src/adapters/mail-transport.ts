import type { MailAccount, MailTransport } from '@m3m/core'

/** A mail server that does not answer is given up after this. */
const TIMEOUT_MS = 20_000

/**
 * The agent's mail by SMTP (RFC 5321), one connection a message. The server is the operator's own choice, so it
 * may be on this machine or in the local network; a service's mail goes through the outbound guard instead.
 */
export function createMailTransport(): MailTransport {
  return {
    async send(account, { to, subject, text, html }) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(optionsOf(account))
      try {
        const { response, accepted, rejected } = await transport.sendMail({
          from: account.from,
          to: [...to],
          subject,
          text,
          ...(html !== undefined && { html }),
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { response, accepted: accepted.map(String), rejected: rejected.map(String) }
      } finally {
        transport.close()
      }
    },
  }
}

function optionsOf({ host, port, security, user, password }: MailAccount) {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...(user !== '' && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  }
}
