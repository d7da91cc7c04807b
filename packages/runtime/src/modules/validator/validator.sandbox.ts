import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { regexOf } from '../../sandbox/text/patterns.ts'
import { formats } from '../../sandbox/validation/formats.ts'
import { check, readRules, UnknownRule, type Failure, type Rules } from '../../sandbox/validation/tags.ts'
import { validatorTexts } from './validator.contract.ts'

interface FieldFailure {
  field: string
  tag: string
  value: unknown
  message: string
}
interface Result {
  valid: boolean
  errors: FieldFailure[]
}
type Fields = { [field: string]: string | Fields }

export const room: SandboxRoom = (_lane, kernel) => {
  const read = createReader(kernel)
  const result = (errors: FieldFailure[]): Result => ({ valid: errors.length === 0, errors })
  const struct = (data: unknown, fields: unknown) =>
    result(failuresOf(data, fieldsOf(kernel, fields), read, ''))
  const variable = (value: unknown, rules: unknown) => {
    const failure = check(value, read(rules))
    return result(failure ? [fieldFailure('', failure)] : [])
  }
  return {
    schema: (fields: unknown) => createSchema(fieldsOf(kernel, fields), read),
    struct,
    var: variable,
    isValid: (value: unknown, rules: unknown) => check(value, read(rules)) === null,
    ...formatTests,
    ...textTests,
    ...numberTests,
    oneOf: (value: unknown, allowed: unknown) =>
      Array.isArray(allowed) && allowed.some((other) => isSame(value, other)),
    notEmpty: isNotEmpty,
    required: (value: unknown) => value !== undefined && value !== null,
  }
}

function createReader(kernel: Kernel): (rules: unknown) => Rules {
  return (rules) => {
    if (typeof rules !== 'string') {
      throw kernel.error(
        'VALIDATOR_RULES_INVALID',
        validatorTexts.VALIDATOR_RULES_INVALID({ expected: "a text such as 'required,min=3'" }),
      )
    }
    try {
      return readRules(rules)
    } catch (error) {
      if (!(error instanceof UnknownRule)) throw error
      throw kernel.error(
        'VALIDATOR_RULE_UNKNOWN',
        validatorTexts.VALIDATOR_RULE_UNKNOWN({ rule: error.message }),
      )
    }
  }
}

function fieldsOf(kernel: Kernel, fields: unknown): Fields {
  if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields as Fields
  throw kernel.error(
    'VALIDATOR_RULES_INVALID',
    validatorTexts.VALIDATOR_RULES_INVALID({ expected: 'an object of rules by field' }),
  )
}

/** Rules read once, for data that comes again and again. */
function createSchema(fields: Fields, read: (rules: unknown) => Rules) {
  const validate = (data: unknown): Result => {
    const errors = failuresOf(data, fields, read, '')
    return { valid: errors.length === 0, errors }
  }
  // Reads every rule now, so that a wrong one is found where it is written.
  failuresOf({}, fields, read, '')
  return { validate, isValid: (data: unknown) => validate(data).valid }
}

/** Every field's first failure. A missing field fails only when its rules speak of `required`. */
function failuresOf(
  data: unknown,
  fields: Fields,
  read: (rules: unknown) => Rules,
  prefix: string,
): FieldFailure[] {
  const failures: FieldFailure[] = []
  for (const field of Object.keys(fields)) {
    const rules = fields[field]!
    const value = memberOf(data, field)
    const name = `${prefix}${field}`
    if (typeof rules === 'object' && rules !== null) {
      failures.push(...failuresOf(value, rules, read, `${name}.`))
      continue
    }
    const steps = read(rules)
    if (value === undefined && !rules.includes('required')) continue
    const failure =
      value === undefined ? { tag: 'required', param: '', path: '', value: null } : check(value, steps)
    if (failure) failures.push(fieldFailure(name, failure))
  }
  return failures
}

function memberOf(data: unknown, field: string): unknown {
  const isMember = typeof data === 'object' && data !== null && Object.hasOwn(data, field)
  return isMember ? (data as Record<string, unknown>)[field] : undefined
}

function fieldFailure(field: string, failure: Failure): FieldFailure {
  const name = `${field}${failure.path}`
  const words = Object.hasOwn(MESSAGES, failure.tag)
    ? MESSAGES[failure.tag]!(failure.param)
    : `failed validation: ${failure.tag}`
  return {
    field: name,
    tag: failure.tag,
    value: failure.value,
    message: name === '' ? alone(failure.tag, words) : `${name} ${words}`,
  }
}

/** Of a value without a name: `must be at least 3`, but `value is required`. */
const alone = (tag: string, words: string): string => (tag === 'required' ? `value ${words}` : words)

// The original's own words.
const MESSAGES: Record<string, (param: string) => string> = {
  required: () => 'is required',
  email: () => 'must be a valid email',
  url: () => 'must be a valid URL',
  uuid: () => 'must be a valid UUID',
  numeric: () => 'must contain only numbers',
  min: (param) => `must be at least ${param}`,
  max: (param) => `must be at most ${param}`,
  len: (param) => `must be exactly ${param} characters`,
  alpha: () => 'must contain only letters',
  alphanum: () => 'must contain only letters and numbers',
}

const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
const format = (tag: string) => (value: unknown) => formats[tag]!(asText(value))

const formatTests = {
  isEmail: format('email'),
  isURL: format('url'),
  isUUID: format('uuid'),
  isUUIDv4: format('uuid4'),
  isNumeric: format('numeric'),
  isAlpha: format('alpha'),
  isAlphanumeric: format('alphanum'),
  isJSON: format('json'),
  isBase64: format('base64'),
  isIP: format('ip'),
  isIPv4: format('ipv4'),
  isIPv6: format('ipv6'),
  isCIDR: format('cidr'),
  isMAC: format('mac'),
  isHexColor: format('hexcolor'),
  isRGBColor: format('rgb'),
  isRGBAColor: format('rgba'),
  isLatitude: format('latitude'),
  isLongitude: format('longitude'),
  isCreditCard: format('credit_card'),
  isISBN: format('isbn'),
}

const lengthOf = (value: unknown): number => Array.from(asText(value)).length

const textTests = {
  contains: (value: unknown, part: unknown) => asText(value).includes(asText(part)),
  startsWith: (value: unknown, part: unknown) => asText(value).startsWith(asText(part)),
  endsWith: (value: unknown, part: unknown) => asText(value).endsWith(asText(part)),
  minLength: (value: unknown, min: unknown) => lengthOf(value) >= Number(min),
  maxLength: (value: unknown, max: unknown) => lengthOf(value) <= Number(max),
  length: (value: unknown, length: unknown) => lengthOf(value) === Number(length),
  lengthBetween: (value: unknown, min: unknown, max: unknown) =>
    lengthOf(value) >= Number(min) && lengthOf(value) <= Number(max),
  matches: (value: unknown, pattern: unknown) => regexOf(asText(pattern))?.test(asText(value)) ?? false,
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value)

const numberTests = {
  min: (value: unknown, min: unknown) => isNumber(value) && value >= Number(min),
  max: (value: unknown, max: unknown) => isNumber(value) && value <= Number(max),
  between: (value: unknown, min: unknown, max: unknown) =>
    isNumber(value) && value >= Number(min) && value <= Number(max),
}

function isNotEmpty(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    return Object.keys(value).length > 0
  return value !== undefined && value !== null
}

function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) || one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime()
  const keys = Object.keys(one)
  if (Array.isArray(one) !== Array.isArray(other) || keys.length !== Object.keys(other).length) return false
  return keys.every(
    (key) => Object.hasOwn(other, key) && isSame((one as Fields)[key], (other as Fields)[key]),
  )
}
