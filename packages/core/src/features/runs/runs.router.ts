import { tracked } from '@trpc/server'
import { noInput, projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { runHistoryInput, runLogsInput, startRunInput, tailInput } from './runs.schema.ts'
import type { RunsService } from './runs.service.ts'

export const createRunsRouter = (runs: RunsService) =>
  router({
    start: procedure
      .input(startRunInput)
      .mutation(({ ctx, input }) => runs.start(ctx.actor, input.projectId, input.source)),
    stop: procedure.input(projectInput).mutation(({ ctx, input }) => runs.stop(ctx.actor, input.projectId)),
    restart: procedure
      .input(projectInput)
      .mutation(({ ctx, input }) => runs.restart(ctx.actor, input.projectId)),
    state: procedure.input(projectInput).query(({ input }) => runs.state(input.projectId)),
    states: procedure.input(noInput).query(({ ctx }) => runs.states(ctx.actor)),
    history: procedure.input(runHistoryInput).query(({ input }) => runs.history(input)),
    logs: procedure.input(runLogsInput).query(({ input }) => runs.logs(input)),
    /** The state now, then each change. A client that connects again needs nothing but the state now. */
    watch: procedure.input(projectInput).subscription(async function* ({ ctx, input }) {
      yield* runs.watch(input.projectId, ctx.until)
    }),
    /** The same for every project one may see. */
    watchAll: procedure.input(noInput).subscription(async function* ({ ctx }) {
      yield* runs.watchAll(ctx.actor, ctx.until)
    }),
    /** New log lines. `lastEventId` (`{runId}:{cursor}`) goes on where a lost connection ended. */
    tail: procedure.input(tailInput).subscription(async function* ({ ctx, input }) {
      for await (const { resume, ...chunk } of runs.tail(input, ctx.until)) yield tracked(resume, chunk)
    }),
  })
