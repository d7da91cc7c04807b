import type { Clock } from '@m3m/base'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { Mailer } from '../mail/mailer.service.ts'
import type { TestMailResult } from './agent-settings.schema.ts'
import { PROTOCOL_VERSION, type AgentInfo, type ServicesAddress } from './agent.schema.ts'

/** What the agent knows of itself at start. */
export interface AgentIdentity {
  version: string
  node: string
  /** Asked at each call: the port is known when the agent listens. */
  services(): ServicesAddress
}

export interface AgentService {
  info(): AgentInfo
  /** By the mail server as it is set now. @throws MAIL_NOT_CONFIGURED, MAIL_FAILED with the server's words */
  sendTestMail(actor: SignedIn, to: string): Promise<TestMailResult>
}

export interface AgentDeps {
  identity: AgentIdentity
  mailer: Mailer
  audit: AuditService
  clock: Clock
}

export function createAgentService({ identity, mailer, audit, clock }: AgentDeps): AgentService {
  const startedAt = clock.now()
  return {
    info: () => ({
      version: identity.version,
      protocol: PROTOCOL_VERSION,
      node: identity.node,
      uptime: Math.floor((clock.now() - startedAt) / 1_000),
      services: identity.services(),
    }),
    async sendTestMail(actor, to) {
      await audit.add(actor, { action: 'agent.sendTestMail', target: to })
      const { response } = await mailer.send({
        to: [to],
        subject: 'Test message of m3m',
        text: `This m3m agent can send mail. ${actor.name} asked for this message; nothing has to be done.`,
      })
      return { response }
    },
  }
}
