// Keywords about what is inside a value, or about several schemas at once.
import { keyOf } from '../../bson/key.ts'
import { isDoc, type Doc, type Maybe, type Value } from '../../bson/value.ts'
import { compileRegex } from '../regex.ts'
import {
  demandArray,
  demandDoc,
  explained,
  ruleOf,
  unusable,
  wrongType,
  type Keyword,
  type KeywordSource,
  type Rule,
  type Schema,
} from './keyword.ts'
import { least, most, size } from './value-keywords.ts'

/** Names of fields, at least one, none twice. */
function fieldNames(source: KeywordSource): string[] {
  const list = demandArray(source)
  for (const item of list)
    if (typeof item !== 'string') throw wrongType(source.name, 'an array of strings', item)
  if (new Set(list).size < list.length)
    throw unusable(`$jsonSchema keyword '${source.name}' array cannot contain duplicate values`)
  return list as string[]
}

const required: Keyword = (source) => {
  const wanted = fieldNames(source)
  const missing = (value: Doc): string[] => wanted.filter((name) => !value.has(name))
  return {
    holds: (value) => !isDoc(value) || missing(value).length === 0,
    explain: (value) =>
      explained(source.name, source.operand, {}).set('missingProperties', isDoc(value) ? missing(value) : []),
  }
}

const properties: Keyword = (source) => {
  const schemas = [...demandDoc(source)].map(([name, schema]) => [name, source.compile(schema)] as const)
  const failing = (value: Doc) => schemas.filter(([name, schema]) => !schema.holds(value.get(name)))
  return {
    holds: (value) => !isDoc(value) || schemas.every(([name, schema]) => schema.holds(value.get(name))),
    explain: (value) =>
      new Map<string, Value>([
        ['operatorName', 'properties'],
        [
          'propertiesNotSatisfied',
          failing(value as Doc).map(([name, schema]) => unsatisfied(name, schema, (value as Doc).get(name))),
        ],
      ]),
  }
}

function unsatisfied(name: string, schema: Schema, value: Maybe): Doc {
  const doc = new Map<string, Value>([['propertyName', name]])
  if (schema.description !== undefined) doc.set('description', schema.description)
  return doc.set(
    'details',
    schema.rules.filter((rule) => !rule.holds(value)).map((rule) => rule.explain(value)),
  )
}

/** Whether `properties` or `patternProperties` beside it speak of a field. */
function isNamed(schema: Doc): (name: string) => boolean {
  const known = schema.get('properties')
  const patterns = schema.get('patternProperties')
  const regexes = isDoc(patterns) ? [...patterns.keys()].map((pattern) => compileRegex(pattern, '')) : []
  return (name) => (isDoc(known) && known.has(name)) || regexes.some((regex) => regex.test(name))
}

const additionalProperties: Keyword = (source) => {
  const { name, operand, schema, compile } = source
  if (typeof operand !== 'boolean' && !isDoc(operand))
    throw wrongType(name, 'an object or a boolean', operand)
  if (operand === true) return null
  const inner = operand === false ? null : compile(operand)
  const named = isNamed(schema)
  const bad = (value: Doc): string[] =>
    [...value].filter(([field, item]) => !named(field) && !inner?.holds(item)).map(([field]) => field)
  return {
    holds: (value) => !isDoc(value) || bad(value).length === 0,
    explain: (value) =>
      explained(name, operand, {}).set('additionalProperties', isDoc(value) ? bad(value) : []),
  }
}

const patternProperties: Keyword = (source) => {
  const schemas = [...demandDoc(source)].map(
    ([pattern, schema]) => [compileRegex(pattern, ''), source.compile(schema)] as const,
  )
  return ruleOf(source, 'a property did not match its schema', (value) =>
    isDoc(value)
      ? [...value].every(([name, item]) =>
          schemas.every(([regex, schema]) => !regex.test(name) || schema.holds(item)),
        )
      : true,
  )
}

const dependencies: Keyword = (source) => {
  const rules = [...demandDoc(source)].map(([name, dependency]): [string, Rule] => [
    name,
    Array.isArray(dependency) ? required({ ...source, operand: dependency })! : source.compile(dependency),
  ])
  return ruleOf(source, 'a dependency was not satisfied', (value) =>
    isDoc(value) ? rules.every(([name, rule]) => !value.has(name) || rule.holds(value)) : true,
  )
}

const items: Keyword = (source) => {
  const { operand, compile } = source
  if (Array.isArray(operand)) {
    const schemas = operand.map(compile)
    return ruleOf(source, 'an item did not match its schema', (value) =>
      Array.isArray(value) ? schemas.every((schema, i) => schema.holds(value[i])) : true,
    )
  }
  if (!isDoc(operand)) throw wrongType(source.name, 'an array or an object', operand)
  const schema = compile(operand)
  return {
    holds: (value) => !Array.isArray(value) || value.every((item) => schema.holds(item)),
    explain(value) {
      const at = (value as Value[]).findIndex((item) => !schema.holds(item))
      const item = (value as Value[])[at]
      return new Map<string, Value>([
        ['operatorName', 'items'],
        ['reason', 'At least one item did not match the sub-schema'],
        ['itemIndex', at],
        ['details', schema.rules.filter((rule) => !rule.holds(item)).map((rule) => rule.explain(item))],
      ])
    },
  }
}

const additionalItems: Keyword = (source) => {
  const { name, operand, schema, compile } = source
  if (typeof operand !== 'boolean' && !isDoc(operand))
    throw wrongType(name, 'an object or a boolean', operand)
  const first = schema.get('items')
  if (operand === true || !Array.isArray(first)) return null
  const inner = operand === false ? null : compile(operand)
  return ruleOf(source, 'found additional items', (value) =>
    Array.isArray(value) ? value.slice(first.length).every((item) => inner?.holds(item) ?? false) : true,
  )
}

const uniqueItems: Keyword = (source) => {
  const { name, operand } = source
  if (typeof operand !== 'boolean') throw wrongType(name, 'a boolean', operand)
  if (!operand) return null
  return ruleOf(source, 'found a duplicate item', (value) =>
    Array.isArray(value)
      ? new Set(value.map((item) => keyOf(item).toString('latin1'))).size === value.length
      : true,
  )
}

/** `allOf`, `anyOf`, `oneOf`: how many of the schemas hold. */
function counted(holds: (count: number, all: number) => boolean): Keyword {
  return (source) => {
    const schemas = demandArray(source).map((schema) => source.compile(schema))
    return {
      holds: (value) =>
        value === undefined || holds(schemas.filter((schema) => schema.holds(value)).length, schemas.length),
      explain: (value) =>
        new Map<string, Value>([
          ['operatorName', source.name],
          [
            'schemasNotSatisfied',
            schemas.flatMap((schema, index) =>
              schema.holds(value)
                ? []
                : [
                    new Map<string, Value>([
                      ['index', index],
                      [
                        'details',
                        schema.rules.filter((rule) => !rule.holds(value)).map((rule) => rule.explain(value)),
                      ],
                    ]),
                  ],
            ),
          ],
        ]),
    }
  }
}

const not: Keyword = (source) => {
  const schema = source.compile(demandDoc(source))
  return ruleOf(source, 'child expression matched', (value) => !schema.holds(value))
}

const itemCount = (value: Value): number | null => (Array.isArray(value) ? value.length : null)
const fieldCount = (value: Value): number | null => (isDoc(value) ? value.size : null)

export const NESTED_KEYWORDS: Record<string, Keyword> = {
  required,
  properties,
  additionalProperties,
  patternProperties,
  dependencies,
  items,
  additionalItems,
  uniqueItems,
  minItems: size(itemCount, least),
  maxItems: size(itemCount, most),
  minProperties: size(fieldCount, least),
  maxProperties: size(fieldCount, most),
  allOf: counted((count, all) => count === all),
  anyOf: counted((count) => count > 0),
  oneOf: counted((count) => count === 1),
  not,
}
