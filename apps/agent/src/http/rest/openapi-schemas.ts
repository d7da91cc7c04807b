import type { Field, Model } from '@m3m/data/schema'

export type Json = Record<string, unknown>

const ID: Json = { type: 'string', pattern: '^[0-9a-f]{24}$' }

const TEXTS: Partial<Record<Field['type'], Json>> = {
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  autodate: { type: 'string', format: 'date-time', readOnly: true },
  email: { type: 'string', format: 'email' },
  url: { type: 'string', format: 'uri' },
  ref: { ...ID, description: 'id of a record' },
  file: { type: 'string', description: 'path in the storage of the project' },
}

/** Schemas of one model: `notes` as it is read, `notes.create` and `notes.change` as it is written. No slug has a dot. */
export function modelSchemas({ slug, name, fields }: Model): Json {
  const written = fields.filter(({ type }) => type !== 'autodate')
  const required = written
    .filter((field) => field.required && field.default === undefined)
    .map(({ key }) => key)
  const properties = Object.fromEntries(written.map((field) => [field.key, writtenSchema(field)]))
  return {
    [slug]: {
      title: name,
      type: 'object',
      required: [...Object.keys(systemProperties()), ...fields.map(({ key }) => key)],
      properties: {
        ...systemProperties(),
        ...Object.fromEntries(fields.map((field) => [field.key, readSchema(field)])),
        expand: { type: 'object', description: 'what `expand` asked for' },
      },
    },
    [`${slug}.create`]: {
      title: `${name}: a new record`,
      type: 'object',
      properties,
      additionalProperties: false,
      ...(required.length > 0 && { required }),
    },
    [`${slug}.change`]: {
      title: `${name}: a change`,
      description:
        'The fields to change, and the version that was read; or modifiers: $set $inc $unset $push $pull $addToSet $min $max.',
      type: 'object',
      properties: { ...properties, version: { type: 'integer', minimum: 1 } },
    },
  }
}

/** Of a model that is not known: any fields. */
export function anyModelSchemas(): Json {
  const open = { type: 'object', additionalProperties: true }
  const system = systemProperties()
  return {
    record: { ...open, required: Object.keys(system), properties: system },
    'record.create': open,
    'record.change': open,
  }
}

function systemProperties(): Json {
  const moment = { type: 'string', format: 'date-time', readOnly: true }
  return {
    id: { ...ID, readOnly: true },
    _id: { ...ID, readOnly: true, description: 'the same as id' },
    createdAt: moment,
    updatedAt: moment,
    version: { type: 'integer', minimum: 1, readOnly: true },
  }
}

function writtenSchema(field: Field): Json {
  const schema = fieldSchema(field)
  const told = { ...schema, ...(isPlainDefault(field) && { default: field.default }) }
  return field.nullable ? nullable(told) : told
}

/** What has no value is read as null, required or not: a field may be younger than its records. */
function readSchema(field: Field): Json {
  return nullable(fieldSchema(field))
}

function isPlainDefault({ default: value }: Field): boolean {
  return value !== undefined && value !== '@now'
}

function nullable(schema: Json): Json {
  if (Array.isArray(schema['enum'])) return { ...schema, enum: [...(schema['enum'] as unknown[]), null] }
  return typeof schema['type'] === 'string' ? { ...schema, type: [schema['type'], 'null'] } : schema
}

function fieldSchema(field: Field): Json {
  const isMany = field.type === 'multiselect' || field.multiple === true
  const value = valueSchema(field)
  const schema = isMany ? { type: 'array', items: value, ...range(field, 'minItems', 'maxItems') } : value
  return {
    ...schema,
    ...(field.label !== undefined && { title: field.label }),
    ...(field.help && { description: field.help }),
  }
}

function valueSchema(field: Field): Json {
  switch (field.type) {
    case 'number':
    case 'float':
      return { type: field.type === 'number' ? 'integer' : 'number', ...range(field, 'minimum', 'maximum') }
    case 'bool':
      return { type: 'boolean' }
    case 'document':
      return documentSchema(field)
    case 'select':
    case 'multiselect':
      return { enum: field.options ?? [] }
    case 'date':
    case 'datetime':
    case 'autodate':
    case 'ref':
    case 'file':
      return TEXTS[field.type]!
    default:
      return {
        ...(TEXTS[field.type] ?? { type: 'string' }),
        ...range(field, 'minLength', 'maxLength'),
        ...(field.minLength !== undefined && { minLength: field.minLength }),
        ...(field.maxLength !== undefined && { maxLength: field.maxLength }),
        ...(field.pattern && { pattern: field.pattern }),
      }
  }
}

/** Any JSON object or list, or an object of the nested fields. */
function documentSchema({ fields }: Field): Json {
  if (!fields) return {}
  const required = fields
    .filter((field) => field.required && field.default === undefined)
    .map(({ key }) => key)
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.key, writtenSchema(field)])),
    ...(required.length > 0 && { required }),
  }
}

function range(field: Field, least: string, most: string): Json {
  return {
    ...(typeof field.min === 'number' && { [least]: field.min }),
    ...(typeof field.max === 'number' && { [most]: field.max }),
  }
}
