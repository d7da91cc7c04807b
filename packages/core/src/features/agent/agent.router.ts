import { noInput } from '../../ids.schema.ts'
import { PROCEDURE_RIGHTS } from '../../procedure-rights.ts'
import { procedure, publicProcedure, router } from '../../trpc.ts'
import { testMailInput, updateAgentSettingsInput } from './agent-settings.schema.ts'
import { createBackupsRouter } from '../backups/backups.router.ts'
import type { BackupsService } from '../backups/backups.service.ts'
import type { AgentSettingsService } from './agent-settings.service.ts'
import type { AgentService } from './agent.service.ts'
import type { UpdateCheck } from './update-check.service.ts'

interface AgentParts {
  agent: AgentService
  agentSettings: AgentSettingsService
  backups: BackupsService
  updates: UpdateCheck
}

export const createAgentRouter = ({ agent, agentSettings: settings, backups, updates }: AgentParts) =>
  router({
    backup: createBackupsRouter(backups),
    info: publicProcedure.input(noInput).query(() => agent.info()),
    /** Paths of everything this agent can be asked: a client of another version greys what is not among them. */
    procedures: procedure.input(noInput).query(() => Object.keys(PROCEDURE_RIGHTS)),
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
