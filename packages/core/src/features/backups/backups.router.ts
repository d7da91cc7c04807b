import { noInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { backupInput, confirmedBackupInput, restoreBackupInput } from './backups.schema.ts'
import type { BackupsService } from './backups.service.ts'

export const createBackupsRouter = (backups: BackupsService) =>
  router({
    list: procedure.input(noInput).query(() => backups.view()),
    make: procedure.input(noInput).mutation(({ ctx }) => backups.make(ctx.actor)),
    verify: procedure.input(backupInput).mutation(({ ctx, input }) => backups.verify(ctx.actor, input.name)),
    remove: procedure.input(confirmedBackupInput).mutation(async ({ ctx, input }) => {
      await backups.remove(ctx.actor, input)
      return {}
    }),
    restore: procedure.input(restoreBackupInput).mutation(async ({ ctx, input }) => {
      await backups.restore(ctx.actor, input)
      return {}
    }),
  })
