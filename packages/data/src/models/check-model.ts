import { type AppError, compilePattern, type FieldError, messageOf } from '@m3m/base'
import type { ZodError } from 'zod'
import { compileField } from '../fields/compile-field.ts'
import { toMs } from '../fields/date-kinds.ts'
import type { Field, FieldType } from '../fields/fields.schema.ts'
import { SYSTEM_KEYS } from '../fields/fields.schema.ts'
import { isList } from '../fields/is-list.ts'
import { inputProblem } from '../input-problem.ts'
import { isNestedDeeper } from '../nesting.ts'
import { modelProblems } from './model-problems.errors.ts'
import { modelErrors } from './models.errors.ts'
import { type ModelInput, modelInputSchema } from './models.schema.ts'

/** Nesting of a model with its defaults and the panel's settings; characters of its JSON. */
const MAX_DEPTH = 40
const MAX_CHARACTERS = 1_000_000

type Problems = Record<string, FieldError>

/** Which options mean something for which types; the others are refused by name. */
const FITS: Partial<Record<keyof Field, readonly FieldType[]>> = {
  min: [
    'string',
    'text',
    'email',
    'url',
    'number',
    'float',
    'date',
    'datetime',
    'multiselect',
    'ref',
    'file',
  ],
  max: [
    'string',
    'text',
    'email',
    'url',
    'number',
    'float',
    'date',
    'datetime',
    'multiselect',
    'ref',
    'file',
  ],
  minLength: ['string', 'text', 'email', 'url'],
  maxLength: ['string', 'text', 'email', 'url'],
  pattern: ['string', 'text', 'email', 'url'],
  format: ['text'],
  options: ['select', 'multiselect'],
  refModel: ['ref'],
  onDelete: ['ref'],
  multiple: ['ref', 'file'],
  mimeTypes: ['file'],
  maxSizeBytes: ['file'],
  fields: ['document'],
  onCreate: ['autodate'],
  onUpdate: ['autodate'],
  unique: ['string', 'number', 'float', 'date', 'datetime', 'select', 'email', 'url', 'ref', 'bool'],
  index: [
    'string',
    'number',
    'float',
    'bool',
    'date',
    'datetime',
    'select',
    'multiselect',
    'email',
    'url',
    'ref',
    'autodate',
  ],
}

/**
 * A model that can be used: its shape, that options fit types, that patterns, defaults and limits make sense,
 * that refs point at models in `slugs` (or at itself).
 * @throws MODEL_INVALID with `fields` keyed `slug`, `fields.<key>.<option>`, `indexes.<n>`.
 */
export function checkModel(input: unknown, slugs: ReadonlySet<string>): ModelInput {
  checkBulk(input)
  const parsed = modelInputSchema.safeParse(input)
  if (!parsed.success) throw refused(shapeProblems(input, parsed.error.issues))
  const model = parsed.data
  const problems: Problems = {}
  checkFields(model.fields, { prefix: 'fields', nested: false, problems })
  for (const field of model.fields) {
    if (
      field.type === 'ref' &&
      field.refModel &&
      field.refModel !== model.slug &&
      !slugs.has(field.refModel)
    ) {
      add(problems, `fields.${field.key}.refModel`, modelProblems.MODEL_NO_TARGET({ model: field.refModel }))
    }
  }
  checkIndexes(model, problems)
  if (Object.keys(problems).length > 0) throw refused(problems)
  return model
}

function checkBulk(input: unknown): void {
  if (isNestedDeeper(input, MAX_DEPTH)) {
    throw refused({ model: modelProblems.MODEL_TOO_DEEP({ limit: MAX_DEPTH }).toField() })
  }
  if ((JSON.stringify(input) ?? '').length > MAX_CHARACTERS) {
    throw refused({ model: modelProblems.MODEL_TOO_LONG({ limit: MAX_CHARACTERS }).toField() })
  }
}

interface Place {
  prefix: string
  nested: boolean
  problems: Problems
}

function checkFields(fields: readonly Field[], place: Place): void {
  const seen = new Set<string>()
  for (const field of fields) {
    const at = `${place.prefix}.${field.key}`
    // MongoDB tells Name from name; people and CSV headers do not.
    if (seen.has(field.key.toLowerCase()))
      add(place.problems, `${at}.key`, modelProblems.MODEL_KEY_TWICE({ key: field.key }))
    seen.add(field.key.toLowerCase())
    checkFit(field, at, place)
    checkLimits(field, at, place.problems)
    if (field.fields) checkFields(field.fields, { ...place, prefix: at, nested: true })
    checkDefault(field, at, place.problems)
  }
}

function checkFit(field: Field, at: string, { nested, problems }: Place): void {
  for (const [option, types] of Object.entries(FITS) as [keyof Field, readonly FieldType[]][]) {
    const value = field[option]
    const given = value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
    if (given && !types.includes(field.type)) {
      add(problems, `${at}.${option}`, modelProblems.MODEL_OPTION_UNFIT({ option, type: field.type }))
    }
  }
  if (nested && ['ref', 'file', 'autodate'].includes(field.type)) {
    add(problems, `${at}.type`, modelProblems.MODEL_TYPE_NESTED({ type: field.type }))
  }
  if (nested && (field.unique || field.index))
    add(problems, `${at}.index`, modelProblems.MODEL_INDEX_NESTED({}))
  if (field.unique && isList(field)) add(problems, `${at}.unique`, modelProblems.MODEL_UNIQUE_LIST({}))
  if ((field.type === 'select' || field.type === 'multiselect') && !field.options?.length) {
    add(problems, `${at}.options`, modelProblems.MODEL_NO_OPTIONS({}))
  }
  if (field.type === 'ref' && !field.refModel)
    add(problems, `${at}.refModel`, modelProblems.MODEL_REF_UNNAMED({}))
  if (field.onDelete === 'null' && field.required) {
    add(problems, `${at}.onDelete`, modelProblems.MODEL_REF_REQUIRED({}))
  }
}

function checkLimits(field: Field, at: string, problems: Problems): void {
  const dated = field.type === 'date' || field.type === 'datetime'
  for (const option of ['min', 'max'] as const) {
    const value = field[option]
    if (value === undefined) continue
    const fits = dated ? toMs(value, 0) !== undefined : typeof value === 'number'
    if (!fits)
      add(
        problems,
        `${at}.${option}`,
        dated ? modelProblems.MODEL_LIMIT_DATE({}) : modelProblems.MODEL_LIMIT_NUMBER({}),
      )
  }
  const pairs = [
    ['min', field.min, field.max],
    ['minLength', field.minLength, field.maxLength],
  ] as const
  for (const [option, least, most] of pairs) {
    if (typeof least === 'number' && typeof most === 'number' && least > most) {
      add(problems, `${at}.${option}`, modelProblems.MODEL_LIMITS_CROSSED({ least, most }))
    }
  }
  if (field.pattern !== undefined) {
    try {
      compilePattern(field.pattern)
    } catch (error) {
      add(problems, `${at}.pattern`, modelProblems.MODEL_PATTERN({ reason: messageOf(error) }))
    }
  }
}

/** A default is checked as if someone had written it; a ref's is not, the record may come later. */
function checkDefault(field: Field, at: string, problems: Problems): void {
  if (field.default === undefined || Object.keys(problems).some((key) => key.startsWith(`${at}.`))) return
  if (field.type === 'autodate') return add(problems, `${at}.default`, modelProblems.MODEL_DEFAULT_SET({}))
  const checked = compileField(field).check(field.default, { nowMs: Date.UTC(2026, 0, 1), creating: true })
  if ('errors' in checked) {
    problems[`${at}.default`] ??= Object.values(checked.errors)[0]!
  }
}

function checkIndexes(model: ModelInput, problems: Problems): void {
  const known = new Map(model.fields.map((field) => [field.key, field]))
  for (const [n, index] of (model.indexes ?? []).entries()) {
    const keys = index.keys.map((key) => key.replace(/^-/, ''))
    const unknown = keys.find((key) => !known.has(key) && !(SYSTEM_KEYS as readonly string[]).includes(key))
    if (unknown !== undefined)
      add(problems, `indexes.${n}`, modelProblems.MODEL_INDEX_FIELD({ key: unknown }))
    const twice = keys.find((key, at) => keys.indexOf(key) < at)
    if (twice !== undefined) add(problems, `indexes.${n}`, modelProblems.MODEL_INDEX_TWICE({ key: twice }))
    const lists = keys.filter((key) => known.has(key) && isList(known.get(key)!))
    if (lists.length > 1) add(problems, `indexes.${n}`, modelProblems.MODEL_INDEX_LISTS({ keys: lists }))
    if (lists.length > 0 && index.unique)
      add(problems, `indexes.${n}`, modelProblems.MODEL_INDEX_UNIQUE_LIST({ key: lists[0]! }))
  }
}

/** Zod's path with the field's key in place of its number, where it has one. */
function shapeProblems(input: unknown, issues: ZodError['issues']): Problems {
  const problems: Problems = {}
  for (const issue of issues) {
    const path = issue.path.map(String)
    const fields = (input as { fields?: { key?: unknown }[] } | null)?.fields
    const key = path[0] === 'fields' && Array.isArray(fields) ? fields[Number(path[1])]?.key : undefined
    if (typeof key === 'string' && key !== '') path[1] = key
    problems[path.join('.') || 'model'] ??= inputProblem(issue)
  }
  return problems
}

function add(problems: Problems, path: string, problem: AppError): void {
  problems[path] ??= problem.toField()
}

function refused(problems: Problems) {
  const texts = Object.entries(problems).map(([path, { message }]) => `${path}: ${message}`)
  const shown = texts.length > 5 ? [...texts.slice(0, 5), `and ${texts.length - 5} more.`] : texts
  return modelErrors.MODEL_INVALID({ problems: shown }, { fields: problems })
}
