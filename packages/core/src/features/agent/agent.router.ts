import { tracked } from '@trpc/server'
import { noInput } from '../../ids.schema.ts'
import { PROCEDURE_RIGHTS } from '../../procedure-rights.ts'
import { procedure, publicProcedure, router } from '../../trpc.ts'
import { testMailInput, updateAgentSettingsInput } from './agent-settings.schema.ts'
import type { AgentSettingsService } from './agent-settings.service.ts'
import { agentLogsInput, agentTailInput } from './agent.schema.ts'
import type { AgentService } from './agent.service.ts'
import type { UpdateCheck } from './update-check.service.ts'

interface AgentParts {
  agent: AgentService
  agentSettings: AgentSettingsService
  updates: UpdateCheck
}

export const createAgentRouter = ({ agent, agentSettings: settings, updates }: AgentParts) =>
  router({
    info: publicProcedure.input(noInput).query(() => agent.info()),
    /** Paths of everything this agent can be asked: a client of another version greys what is not among them. */
    procedures: procedure.input(noInput).query(() => Object.keys(PROCEDURE_RIGHTS)),
    logs: procedure.input(agentLogsInput).query(({ input }) => agent.logs(input)),
    /** New lines of the agent's log; `lastEventId` goes on behind the last line that came. */
    tailLog: procedure.input(agentTailInput).subscription(async function* ({ ctx, input }) {
      for await (const { resume, ...chunk } of agent.tailLog(input, ctx.until)) yield tracked(resume, chunk)
    }),
    settings: procedure.input(noInput).query(() => settings.view()),
    updateSettings: procedure
      .input(updateAgentSettingsInput)
      .mutation(({ ctx, input }) => settings.update(ctx.actor, input)),
    updates: procedure.input(noInput).query(() => updates.status()),
    checkUpdates: procedure.input(noInput).mutation(() => updates.check()),
    sendTestMail: procedure
      .input(testMailInput)
      .mutation(({ ctx, input }) => agent.sendTestMail(ctx.actor, input.to)),
  })
