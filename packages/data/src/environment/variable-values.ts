import type { FieldError } from '@m3m/base'
import { isNestedDeeper } from '../nesting.ts'
import { MAX_VALUE_BYTES, type Variable } from './environment.schema.ts'

/** As deep as BSON takes without trouble. */
const MAX_DEPTH = 60

type Checked = { value: Variable['value'] } | { error: FieldError }

/**
 * The value of a variable as its type stores it. Text from a form is taken where it says exactly that value
 * (`'12'` for an integer, `'true'` for a boolean); nothing is rounded or guessed.
 */
export function checkVariable(variable: Variable): Checked {
  const { value } = variable
  const checked = byType[variable.type](value)
  if ('error' in checked) return checked
  const text = typeof checked.value === 'string' ? checked.value : JSON.stringify(checked.value)
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES) {
    return refuse('ENV_TOO_LONG', `The value has more than ${MAX_VALUE_BYTES} bytes.`)
  }
  return checked
}

const byType: Record<Variable['type'], (value: Variable['value']) => Checked> = {
  string: (value) => {
    if (typeof value !== 'string') return refuse('ENV_TYPE', 'A String is text.')
    if (/[\r\n]/.test(value))
      return refuse('ENV_LINES', 'A String has one line; choose the type Text for several.')
    return { value }
  },
  text: (value) => (typeof value === 'string' ? { value } : refuse('ENV_TYPE', 'A Text is text.')),
  secret: (value) => {
    if (value === null || typeof value === 'string') return { value }
    return refuse('ENV_TYPE', 'A Secret is text, or null to keep what is stored.')
  },
  json: checkJson,
  integer: (value) => {
    const number = typeof value === 'string' && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value
    if (Number.isSafeInteger(number)) return { value: number }
    return refuse('ENV_TYPE', 'An Integer is a whole number up to ±9007199254740991.')
  },
  float: (value) => {
    const text = typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())
    const number = text ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return { value: number }
    return refuse('ENV_TYPE', 'A Float is a finite number with a decimal point, such as 0.5.')
  },
  boolean: (value) => {
    if (typeof value === 'boolean') return { value }
    if (value === 'true' || value === 'false') return { value: value === 'true' }
    return refuse('ENV_TYPE', 'A Boolean is true or false.')
  },
}

/** Text is parsed; anything else is a JSON value already. A JSON string is therefore written with its quotes. */
function checkJson(value: Variable['value']): Checked {
  if (typeof value !== 'string') return { value }
  try {
    const parsed = JSON.parse(value) as Variable['value']
    if (isNestedDeeper(parsed, MAX_DEPTH))
      return refuse('ENV_JSON', `It is nested deeper than ${MAX_DEPTH} levels.`)
    return { value: parsed }
  } catch (error) {
    return refuse('ENV_JSON', `This is not JSON: ${(error as Error).message}.`)
  }
}

function refuse(code: string, message: string): Checked {
  return { error: { code, message } }
}
