import type { MailAccount, MailTransport } from '@m3m/core'
import { mailProtection, mailServerName } from '@m3m/data'
import { createOutboundGuard, guardOptionsOf } from '@m3m/runtime'

/** A mail server that does not answer is given up after this. */
const TIMEOUT_MS = 20_000

/**
 * Mail by SMTP (RFC 5321), one connection a message. The agent's server is root's own choice and may be anywhere; one
 * that a project names is reached as its service would reach it, by the outbound guard.
 *
 * @param settings of the outbound guard, asked at each message
 */
export function createMailTransport(settings: () => Readonly<Record<string, unknown>>): MailTransport {
  return {
    async send(account, { to, subject, text, html }) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport(await optionsOf(account, settings()))
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

async function optionsOf(
  { host, port, security, user, password, isOfProject }: MailAccount,
  settings: Readonly<Record<string, unknown>>,
) {
  return {
    port,
    ...(isOfProject ? { host: await guarded(host, port, settings), tls: mailServerName(host) } : { host }),
    ...mailProtection({ security, port }),
    ...(user !== '' && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  }
}

/** Its address; a mail server in a private network may be named, as for the module `smtp`. @throws what services are told */
async function guarded(
  host: string,
  port: number,
  settings: Readonly<Record<string, unknown>>,
): Promise<string> {
  const options = guardOptionsOf(settings)
  const guard = createOutboundGuard({ ...options, allowHosts: [...(options.allowHosts ?? []), host] })
  const [address] = await guard.resolve(host, port)
  return address!.address
}
