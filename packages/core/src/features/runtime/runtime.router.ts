import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { pluginsInput } from '../plugins/plugins.schema.ts'
import type { PluginsService } from '../plugins/plugins.service.ts'
import type { ReferencePage, RuntimeTypes } from './runtime.schema.ts'
import type { ServiceReference } from './service-reference.port.ts'
import type { ServiceTypes } from './service-types.port.ts'

export const createRuntimeRouter = (
  serviceTypes: ServiceTypes,
  reference: ServiceReference,
  plugins: PluginsService,
) =>
  router({
    types: procedure.input(projectInput).query(async ({ input }): Promise<RuntimeTypes> => ({
      dts: await serviceTypes.types(input.projectId),
    })),
    reference: procedure.query((): Promise<ReferencePage[]> => reference.pages()),
    plugins: procedure.input(pluginsInput).query(({ input }) => plugins.available(input.projectId)),
  })
