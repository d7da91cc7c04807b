import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import type { ReferencePage, RuntimeTypes } from './runtime.schema.ts'
import type { ServiceReference } from './service-reference.port.ts'
import type { ServiceTypes } from './service-types.port.ts'

export const createRuntimeRouter = (serviceTypes: ServiceTypes, reference: ServiceReference) =>
  router({
    types: procedure.input(projectInput).query(async ({ input }): Promise<RuntimeTypes> => ({
      dts: await serviceTypes.types(input.projectId),
    })),
    reference: procedure.query((): Promise<ReferencePage[]> => reference.pages()),
  })
