import { z } from 'zod'

/** The fifteen types of product.md "Data", as they are written on the wire. */
export const FIELD_TYPES = [
  'string',
  'text',
  'number',
  'float',
  'bool',
  'document',
  'file',
  'ref',
  'date',
  'datetime',
  'select',
  'multiselect',
  'email',
  'url',
  'autodate',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** Keys every record has; they are set by the engine and cannot be written. */
export const SYSTEM_KEYS = ['id', 'createdAt', 'updatedAt', 'version'] as const
export type SystemKey = (typeof SYSTEM_KEYS)[number]

/** No field may have these keys: the engine's own, and names that JavaScript gives a meaning on any object. */
export const RESERVED_KEYS: readonly string[] = [
  ...SYSTEM_KEYS,
  'expand',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'toJSON',
  'valueOf',
  'then',
]

/** Letters, digits and underscores, a letter first, at most 64. */
export const fieldKeySchema = z
  .string()
  .max(64)
  .regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, 'letters, digits and _ only, beginning with a letter')
  .refine((key) => !RESERVED_KEYS.includes(key), 'this name is reserved')

const count = z.number().int().min(0)
const bound = z.union([z.number(), z.string().max(40)])

const options = {
  /** Given by the server. A field sent back with its id and another key is renamed, data included. */
  id: z.string().max(24).optional(),
  key: fieldKeySchema,
  type: z.enum(FIELD_TYPES),
  /** Must have a value; an empty string or list does not count as one. */
  required: z.boolean().optional(),
  /** `null` may be written. */
  nullable: z.boolean().optional(),
  /** Taken when a new record has no such field; `@now` for dates. */
  default: z.json().optional(),
  unique: z.boolean().optional(),
  index: z.boolean().optional(),
  label: z.string().max(100).optional(),
  help: z.string().max(1000).optional(),
  /** Shown instead of the engine's own text when the value breaks a rule of this field. */
  message: z.string().max(300).optional(),
  /** Numbers: the value. Dates: ISO 8601 or `@now`. Strings: characters. Lists: items. */
  min: bound.optional(),
  max: bound.optional(),
  minLength: count.optional(),
  maxLength: count.optional(),
  /** Text: HTML, which the engine sanitises whenever it is written (rich-text.ts). Without it the text is kept as it is. */
  format: z.literal('html').optional(),
  /** A regular expression without look-around and back-references, matched in linear time. */
  pattern: z.string().max(300).optional(),
  /** The values a select or multiselect may have. */
  options: z.array(z.string().min(1).max(200)).max(500).optional(),
  /** Slug of the model a ref points at. */
  refModel: z.string().max(64).optional(),
  /** What becomes of this record when the one it points at is removed. Default `restrict`. */
  onDelete: z.enum(['restrict', 'cascade', 'null']).optional(),
  /** A list of refs or files instead of one. */
  multiple: z.boolean().optional(),
  /** `image/png`, or a family as `image/*`. */
  mimeTypes: z.array(z.string().max(100)).max(50).optional(),
  maxSizeBytes: count.optional(),
  /** Autodate: set when the record is created (default), and at each change. */
  onCreate: z.boolean().optional(),
  onUpdate: z.boolean().optional(),
}

const flatFieldSchema = z.strictObject(options)

/** One field of a model (wire.md, Shapes). `fields` is the nested schema of a document; without it any JSON object or list is taken. */
export type Field = z.infer<typeof flatFieldSchema> & { fields?: Field[] | undefined }

export const fieldSchema: z.ZodType<Field> = z.strictObject({
  ...options,
  fields: z.lazy(() => z.array(fieldSchema).max(100)).optional(),
})
