import { tracked } from '@trpc/server'
import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { answerDialogInput, followPressInput, pressActionInput } from './actions.schema.ts'
import type { ActionsService } from './actions.service.ts'

export const createActionsRouter = (actions: ActionsService) =>
  router({
    list: procedure.input(projectInput).query(({ input }) => actions.list(input.projectId)),
    press: procedure.input(pressActionInput).mutation(({ ctx, input }) => actions.press(ctx.actor, input)),
    /** What the press says to the one who pressed, until it is over. */
    follow: procedure.input(followPressInput).subscription(async function* ({ ctx, input }) {
      for await (const { seq, event } of actions.follow(ctx.actor, input, ctx.until))
        yield tracked(String(seq), event)
    }),
    answer: procedure.input(answerDialogInput).mutation(async ({ ctx, input }) => {
      await actions.answer(ctx.actor, input)
      return {}
    }),
  })
