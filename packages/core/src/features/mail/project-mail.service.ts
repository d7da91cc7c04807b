import { readMailVariables, type DataEngine, type MailVariables } from '@m3m/data'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { MailAccount, MailTransport } from './mail-transport.port.ts'
import { mailErrors } from './mail.errors.ts'
import { createMailer, type Mailer } from './mailer.service.ts'

/**
 * Mail in the name of a project: by the server that its variables `SMTP_*` name, the same that its service sends by.
 * They are variables as all others: sealed, with a history, and exported without the password.
 */
export interface ProjectMail {
  /** The project's own server; where it names none, or for no project, the agent's. @throws MAIL_PROJECT_WRONG */
  mailerOf(projectId: string | null): Promise<Mailer>
  /** Sends one message by the project's own server. @throws MAIL_PROJECT_NONE, MAIL_PROJECT_WRONG, MAIL_FAILED */
  sendTest(actor: SignedIn, input: { projectId: string; to: string }): Promise<{ response: string }>
}

/** Nothing is written by it. */
const READER = { kind: 'service', source: 'mail' } as const

export interface ProjectMailDeps {
  data: DataEngine
  /** The agent's. */
  mailer: Mailer
  transport: MailTransport
  audit: AuditService
}

export function createProjectMail({ data, mailer, transport, audit }: ProjectMailDeps): ProjectMail {
  async function own(projectId: string): Promise<Mailer | null> {
    const { values } = await data.project(projectId, READER).environment.read()
    const found = readMailVariables(values)
    if ('server' in found) return createMailer({ account: () => accountOf(found.server), transport })
    if (found.missing === 'SMTP_HOST') return null
    throw mailErrors.MAIL_PROJECT_WRONG({ variable: found.missing })
  }
  return {
    mailerOf: async (projectId) => (projectId === null ? null : await own(projectId)) ?? mailer,
    async sendTest(actor, { projectId, to }) {
      const mine = await own(projectId)
      if (!mine) throw mailErrors.MAIL_PROJECT_NONE({})
      await audit.add(actor, { action: 'projects.sendTestMail', projectId, target: to })
      const { response } = await mine.send({
        to: [to],
        subject: 'Test message of m3m',
        text: `The mail server of this project works. ${actor.name} asked for this message; nothing has to be done.`,
      })
      return { response }
    },
  }
}

/** @throws MAIL_PROJECT_WRONG without a sender */
function accountOf({ host, port, security, user, pass, from }: MailVariables): MailAccount {
  const sender = from || user
  if (!sender.includes('@')) throw mailErrors.MAIL_PROJECT_WRONG({ variable: 'SMTP_FROM' })
  return { host, port, security, user, from: sender, password: pass || null, isOfProject: true }
}
