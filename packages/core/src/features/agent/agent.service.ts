import type { Clock } from '@m3m/base'
import { newId } from '@m3m/base'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { Mailer } from '../mail/mailer.service.ts'
import type { LogPage } from '../runs/run-logs.port.ts'
import type { ResumableChunk } from '../runs/runs.schema.ts'
import type { AgentLog } from './agent-log.port.ts'
import type { TestMailResult } from './agent-settings.schema.ts'
import {
  type agentLogsInput,
  type agentTailInput,
  PROTOCOL_VERSION,
  type AgentInfo,
  type ServicesAddress,
} from './agent.schema.ts'

/** What the agent knows of itself at start. */
export interface AgentIdentity {
  version: string
  node: string
  /** Asked at each call: the port is known when the agent listens. */
  services(): ServicesAddress
}

export interface AgentService {
  info(): AgentInfo
  /** As `runs.logs` of a run whose id is `agent`. */
  logs(input: z.output<typeof agentLogsInput>): Promise<LogPage & { runId: string }>
  tailLog(query: z.output<typeof agentTailInput>, until: AbortSignal): AsyncIterable<ResumableChunk>
  /** By the mail server as it is set now. @throws MAIL_NOT_CONFIGURED, MAIL_FAILED with the server's words */
  sendTestMail(actor: SignedIn, to: string): Promise<TestMailResult>
}

export interface AgentDeps {
  identity: AgentIdentity
  mailer: Mailer
  audit: AuditService
  /** Absent: it cannot be read. */
  log?: AgentLog | undefined
  clock: Clock
}

/** Stands where logs of runs have the id of their run. */
const AGENT_LOG = 'agent'
const RESUME = /^agent:(\d{1,15})$/

export function createAgentService({ identity, mailer, audit, log, clock }: AgentDeps): AgentService {
  const startedAt = clock.now()
  const life = newId(startedAt)
  return {
    info: () => ({
      version: identity.version,
      protocol: PROTOCOL_VERSION,
      node: identity.node,
      uptime: Math.floor((clock.now() - startedAt) / 1_000),
      life,
      services: identity.services(),
    }),
    async logs({ direction, limit, cursor, level, search }) {
      const more = { ...(cursor && { cursor }), ...(level && { level }), ...(search && { search }) }
      return { runId: AGENT_LOG, ...((await log?.page({ direction, limit, ...more })) ?? { lines: [] }) }
    },
    async *tailLog({ cursor, lastEventId }, until) {
      const seen = RESUME.exec(lastEventId ?? '')?.[1]
      const from = seen ?? cursor
      let last = from ?? '0'
      for await (const { lines, dropped } of log?.tail(from === undefined ? {} : { cursor: from }, until) ??
        []) {
        // The last one that came is read again and left out.
        const fresh = lines.filter((line) => line.cursor !== seen)
        if (fresh.length === 0 && dropped === 0) continue
        last = fresh.at(-1)?.cursor ?? last
        yield { runId: AGENT_LOG, lines: fresh, dropped, resume: `${AGENT_LOG}:${last}` }
      }
    },
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
