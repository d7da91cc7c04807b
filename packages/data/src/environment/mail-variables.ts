import { isIP } from 'node:net'

/** How a connection to a mail server is protected: `auto` is TLS at once on port 465, else STARTTLS where it is offered. */
export type MailVariableSecurity = 'auto' | 'starttls' | 'tls' | 'none'

/** The mail server that a project's variables name. */
export interface MailVariables {
  host: string
  port: number
  security: MailVariableSecurity
  /** Empty: no sign-in. */
  user: string
  pass: string
  /** Empty: the user's own address, where it is one. */
  from: string
}

const SECURITY: readonly string[] = ['auto', 'starttls', 'tls', 'none'] satisfies MailVariableSecurity[]
/** Message submission (RFC 6409). */
const DEFAULT_PORT = 587

/**
 * Reads `SMTP_HOST`, `SMTP_PORT`, `SMTP_SECURITY`, `SMTP_USER`, `SMTP_PASS` and `SMTP_FROM`: one reading for the module
 * `smtp` of a service and for the alerts of its project.
 *
 * @returns the variable at fault where one is missing or wrong; `SMTP_HOST` where there is no mail server at all
 */
export function readMailVariables(
  values: Readonly<Record<string, unknown>>,
): { server: MailVariables } | { missing: string } {
  const raw = (name: string): string => {
    const value = values[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const text = (name: string): string => raw(name).trim()
  const host = text('SMTP_HOST')
  if (host === '') return { missing: 'SMTP_HOST' }
  const port = Number(text('SMTP_PORT') || DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { missing: 'SMTP_PORT (1 to 65535)' }
  const security = text('SMTP_SECURITY').toLowerCase() || 'auto'
  if (!SECURITY.includes(security)) return { missing: `SMTP_SECURITY (${SECURITY.join(', ')})` }
  const account = {
    user: text('SMTP_USER'),
    // Blanks at its ends belong to a password.
    pass: raw('SMTP_PASS'),
    from: text('SMTP_FROM'),
  }
  return { server: { host, port, security: security as MailVariableSecurity, ...account } }
}

/** How nodemailer is told of it. */
export function mailProtection({ security, port }: Pick<MailVariables, 'security' | 'port'>) {
  return {
    secure: security === 'tls' || (security === 'auto' && port === 465),
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
  }
}

/** The name its certificate is to have, where it is reached by an address that was looked up before. TLS has no such name for addresses (RFC 6066 §3). */
export function mailServerName(host: string): { servername?: string } {
  return isIP(host) ? {} : { servername: host }
}
