import { AppError } from '@m3m/base'
import {
  mailFailure,
  mailProtection,
  mailServerName,
  readMailVariables,
  type MailVariables,
} from '@m3m/data/light'
import type { Transporter } from 'nodemailer'
import { createProjectFiles } from '../../files/project-files.ts'
import type { HostContext, HostModule } from '../../module/define-module.ts'
import { createOutboundGuard, guardOptionsOf } from '../../outbound/guard.ts'
import { checkMail } from './smtp-check.host.ts'
import {
  MAX_ATTACHMENTS_BYTES,
  type MailReceipt,
  type OutgoingAttachment,
  type OutgoingMail,
} from './smtp.contract.ts'
import { smtpErrors } from './smtp.errors.ts'

/** Mail by the server that the project's variables name. */
export function createSmtpHost(context: HostContext): HostModule {
  const files = createProjectFiles(context)

  async function server(): Promise<MailVariables> {
    const { values } = await context.data.environment.read()
    const found = readMailVariables(values)
    if ('missing' in found) throw smtpErrors.SMTP_NOT_CONFIGURED({ missing: found.missing })
    return found.server
  }

  /** Runs `work` with a connection of its own; the server's refusal is told in its own words. */
  async function withServer<T>(
    work: (transport: Transporter, server: MailVariables) => Promise<T>,
    remainingMs: number,
  ): Promise<T> {
    const chosen = await server()
    const transport = await connect(context, chosen, remainingMs)
    try {
      return await work(transport, chosen)
    } catch (error) {
      if (error instanceof AppError) throw error
      const reason = mailFailure(error, chosen)
      throw smtpErrors.SMTP_FAILED({ host: chosen.host, reason }, { cause: error })
    } finally {
      transport.close()
    }
  }

  async function contentOf(list: readonly OutgoingAttachment[]) {
    let total = 0
    const all = []
    for (const { filename, type, cid, bytes, path } of list) {
      const content = bytes ?? (await files.storage.read(files.path(path), MAX_ATTACHMENTS_BYTES))
      total += content.length
      if (total > MAX_ATTACHMENTS_BYTES)
        throw smtpErrors.SMTP_TOO_LARGE({ limitBytes: MAX_ATTACHMENTS_BYTES })
      all.push({
        filename,
        content: Buffer.from(content),
        ...(type && { contentType: type }),
        ...(cid && { cid }),
      })
    }
    return all
  }

  async function send(mail: OutgoingMail, remainingMs: number): Promise<MailReceipt> {
    const attachments = await contentOf(mail.attachments)
    return withServer(async (transport, { from, user }) => {
      const sender = mail.from ?? (from || user)
      if (!sender.includes('@')) throw smtpErrors.SMTP_NOT_CONFIGURED({ missing: 'SMTP_FROM' })
      // Neither files of the server nor addresses: only what is in this object becomes part of the message.
      const message = { ...mail, from: sender, attachments, disableFileAccess: true, disableUrlAccess: true }
      const info = (await transport.sendMail(message)) as {
        messageId: string
        accepted: unknown[]
        rejected: unknown[]
      }
      return {
        messageId: info.messageId,
        accepted: info.accepted.map(String),
        rejected: info.rejected.map(String),
      }
    }, remainingMs)
  }

  return {
    calls: {
      send: ([message], { remainingMs }) => send(checkMail(message), remainingMs),
      verify: (_args, { remainingMs }) => withServer(async (transport) => transport.verify(), remainingMs),
    },
  }
}

async function connect(
  { settings }: HostContext,
  { host, port, security, user, pass }: MailVariables,
  remainingMs: number,
): Promise<Transporter> {
  const options = guardOptionsOf(settings)
  const guard = createOutboundGuard({ ...options, allowHosts: [...(options.allowHosts ?? []), host] })
  const [address] = await guard.resolve(host, port)
  const { createTransport } = await import('nodemailer')
  const timeoutMs = Math.max(1_000, Math.min(30_000, remainingMs - 200))
  return createTransport({
    host: address!.address,
    port,
    ...mailProtection({ security, port }),
    tls: mailServerName(host),
    ...(user !== '' && { auth: { user, pass } }),
    connectionTimeout: Math.min(10_000, timeoutMs),
    greetingTimeout: Math.min(10_000, timeoutMs),
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }) as Transporter
}
