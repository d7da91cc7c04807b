import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import type { RuntimeTypes } from './runtime.schema.ts'
import type { ServiceTypes } from './service-types.port.ts'

export const createRuntimeRouter = (serviceTypes: ServiceTypes) =>
  router({
    types: procedure.input(projectInput).query(async ({ input }): Promise<RuntimeTypes> => ({
      dts: await serviceTypes.types(input.projectId),
    })),
  })
