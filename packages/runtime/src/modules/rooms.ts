import type { ModuleDefinition } from '../module/define-module.ts'
import { console } from './console/index.ts'
import { logger } from './logger/index.ts'
import { router } from './router/index.ts'
import { service } from './service/index.ts'

/** Every room of the runtime: a folder below `modules/` and one line here. The prelude, the types and the docs follow from it. */
export const rooms: readonly ModuleDefinition[] = [service, router, logger, console]
