import { logicOperators } from './logic.ts'
import type { Operator } from './scope.ts'

/** Every expression operator by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([...logicOperators])
