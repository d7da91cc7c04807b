import { noInput } from '../../ids.schema.ts'
import { publicProcedure, router } from '../../trpc.ts'
import type { AgentService } from './agent.service.ts'

export const createAgentRouter = (agent: AgentService) =>
  router({
    info: publicProcedure.input(noInput).query(() => agent.info()),
  })
