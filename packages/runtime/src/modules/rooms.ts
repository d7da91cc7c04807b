import type { ModuleDefinition } from '../module/define-module.ts'

/** Every room of the runtime: a folder below `modules/` and one line here. The prelude, the types and the docs follow from it. */
export const rooms: readonly ModuleDefinition[] = []
