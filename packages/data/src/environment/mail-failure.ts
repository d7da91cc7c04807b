import { messageOf } from '@m3m/base'
import { mailProtection, type MailVariables } from './mail-variables.ts'

type Server = Pick<MailVariables, 'port' | 'security'>

/** What a library error says → what is the matter and what to do about it. The first that fits counts. */
const KNOWN: readonly [RegExp, (said: string, server: Server) => string][] = [
  [/ECONNREFUSED/, (said, { port }) => `nothing listens at its port ${port} (${said}); check host and port`],
  [
    /wrong version number/,
    (_, { port }) => `port ${port} does not begin with TLS; set the encryption to STARTTLS`,
  ],
  [
    /^Invalid greeting/,
    (said, { port }) => `what answers at port ${port} is no mail server (${said.slice(0, 100)})`,
  ],
  [
    /^Greeting never received/,
    (_, server) =>
      mailProtection(server).secure
        ? `it said nothing at port ${server.port}; check host and port`
        : `it said nothing at port ${server.port}; where the server begins with TLS, set the encryption to TLS`,
  ],
  [
    /^Connection timeout/,
    (_, { port }) => `it does not answer at port ${port}; check host, port and firewalls`,
  ],
  [
    /certificate|altnames/i,
    (said) =>
      `its certificate is not accepted (${said}); use the name and a server whose certificate is valid`,
  ],
  [/\b530\b/, (said) => `it wants a user and a password (${said})`],
]

/** Longer ones are traces of OpenSSL or pages of a web server. */
const MAX_SAID = 300

/** Why a mail server did not take a message, in words for who set it up; unknown reasons in the server's own words. No full stop. */
export function mailFailure(error: unknown, server: Server): string {
  const said = messageOf(error).trim().replace(/\.$/, '')
  const known = KNOWN.find(([pattern]) => pattern.test(said))
  return (known ? known[1](said, server) : said).slice(0, MAX_SAID)
}
