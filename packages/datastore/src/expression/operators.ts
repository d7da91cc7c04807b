import { arithmeticOperators } from './arithmetic.ts'
import { arrayOperators } from './arrays.ts'
import { bitOperators } from './bits.ts'
import { dateUnitOperators } from './date-units.ts'
import { dateOperators } from './dates.ts'
import { logicOperators } from './logic.ts'
import type { Operator } from './scope.ts'
import { stringOperators } from './strings.ts'
import { setOperators } from './sets.ts'
import { statisticOperators } from './statistics.ts'
import { trigonometryOperators } from './trigonometry.ts'
import { typeOperators } from './types.ts'

/** Every expression operator by name. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...logicOperators,
  ...arithmeticOperators,
  ...stringOperators,
  ...arrayOperators,
  ...setOperators,
  ...dateOperators,
  ...dateUnitOperators,
  ...typeOperators,
  ...bitOperators,
  ...trigonometryOperators,
  ...statisticOperators,
])
