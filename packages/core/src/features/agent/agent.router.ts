import { noInput } from '../../ids.schema.ts'
import { procedure, publicProcedure, router } from '../../trpc.ts'
import { testMailInput, updateAgentSettingsInput } from './agent-settings.schema.ts'
import type { AgentSettingsService } from './agent-settings.service.ts'
import type { AgentService } from './agent.service.ts'

export const createAgentRouter = (agent: AgentService, settings: AgentSettingsService) =>
  router({
    info: publicProcedure.input(noInput).query(() => agent.info()),
    settings: procedure.input(noInput).query(() => settings.view()),
    updateSettings: procedure
      .input(updateAgentSettingsInput)
      .mutation(({ ctx, input }) => settings.update(ctx.actor, input)),
    sendTestMail: procedure
      .input(testMailInput)
      .mutation(({ ctx, input }) => agent.sendTestMail(ctx.actor, input.to)),
  })
