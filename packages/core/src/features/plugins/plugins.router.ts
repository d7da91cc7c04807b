import { noInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { checkPluginInput, configurePluginInput, enablePluginInput } from './plugins.schema.ts'
import type { PluginsService } from './plugins.service.ts'

/** Plugins of the agent. What a project may enable is listed by `runtime.plugins`. */
export const createPluginsRouter = (plugins: PluginsService) =>
  router({
    list: procedure.input(noInput).query(() => plugins.list()),
    rescan: procedure.input(noInput).mutation(({ ctx }) => plugins.rescan(ctx.actor)),
    check: procedure
      .input(checkPluginInput)
      .mutation(({ ctx, input }) => plugins.check(ctx.actor, input.plugin)),
    enable: procedure.input(enablePluginInput).mutation(({ ctx, input }) => plugins.enable(ctx.actor, input)),
    configure: procedure
      .input(configurePluginInput)
      .mutation(({ ctx, input }) => plugins.configure(ctx.actor, input)),
  })
