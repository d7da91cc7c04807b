import { noInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { alertOwnerInput, alertRuleInput, listAlertsInput, saveAlertRuleInput } from './alerts.schema.ts'
import type { AlertsService } from './alerts.service.ts'

export const createAlertsRouter = (alerts: AlertsService) =>
  router({
    list: procedure.input(listAlertsInput).query(({ ctx, input }) => alerts.list(ctx.actor, input)),
    /** How many last now, of those one may see; the number now, then at each change. */
    watch: procedure.input(noInput).subscription(async function* ({ ctx }) {
      yield* alerts.watch(ctx.actor, ctx.until)
    }),
    rules: router({
      list: procedure.input(alertOwnerInput).query(({ input }) => alerts.rules(input.projectId)),
      save: procedure.input(saveAlertRuleInput).mutation(({ ctx, input }) => alerts.save(ctx.actor, input)),
      remove: procedure.input(alertRuleInput).mutation(({ ctx, input }) => alerts.remove(ctx.actor, input)),
      test: procedure.input(alertRuleInput).mutation(({ input }) => alerts.test(input)),
    }),
  })
