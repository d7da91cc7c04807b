import { z } from 'zod'
import { fieldKeySchema, fieldSchema, type Field } from '../fields/fields.schema.ts'

/** At most this many fields in one model. */
export const MAX_FIELDS = 200

/** Names that would hide a member of `database` in service code. */
export const RESERVED_SLUGS: readonly string[] = [
  'batch',
  'collection',
  'constructor',
  'prototype',
  'then',
  'toString',
]

export const modelSlugSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]*$/, 'letters, digits, _ and - only, beginning with a letter')
  .refine((slug) => !RESERVED_SLUGS.includes(slug), 'this name is reserved')

/** A compound index. A key with `-` before it is descending: `['owner', '-createdAt']`. */
export const modelIndexSchema = z.strictObject({
  keys: z.array(z.string().min(1).max(65)).min(1).max(8),
  unique: z.boolean().optional(),
})
export type ModelIndex = z.infer<typeof modelIndexSchema>

const column = z.looseObject({
  key: z.string().max(64),
  hidden: z.boolean().optional(),
  width: z.number().optional(),
})

/** How the table page shows records. Only `searchable` means something to the server; the rest is the panel's. */
export const tableConfigSchema = z.looseObject({
  columns: z.array(column).max(400).optional(),
  /** Fields that `search` looks in; without it, every string-like field. */
  searchable: z.array(z.string().max(64)).max(MAX_FIELDS).optional(),
  /** The field that stands for a record wherever one line of it is shown. */
  label: z.string().max(64).optional(),
})
export type TableConfig = z.infer<typeof tableConfigSchema>

/** How the form shows a record; the panel's own, kept for it by the server. */
export const formConfigSchema = z.looseObject({
  fields: z
    .array(
      z.looseObject({
        key: fieldKeySchema,
        widget: z.string().max(40).optional(),
        hidden: z.boolean().optional(),
        /** Heading it stands under; fields of one heading follow each other. */
        group: z.string().max(100).optional(),
        width: z.enum(['half', 'full']).optional(),
      }),
    )
    .max(MAX_FIELDS)
    .optional(),
})
export type FormConfig = z.infer<typeof formConfigSchema>

/** Trash: a removed record can be brought back for so many days. */
export const trashSchema = z.strictObject({ days: z.number().int().min(1).max(3650) })

const shape = {
  name: z.string().trim().min(1).max(100),
  slug: modelSlugSchema,
  fields: z.array(fieldSchema).max(MAX_FIELDS),
  indexes: z.array(modelIndexSchema).max(20).optional(),
  table: tableConfigSchema.optional(),
  form: formConfigSchema.optional(),
  /** Keep who changed what and when, and let it be restored. */
  revisions: z.boolean().optional(),
  trash: trashSchema.nullable().optional(),
}

/** What makes a model. */
export const modelInputSchema = z.strictObject(shape)
export type ModelInput = z.infer<typeof modelInputSchema>

/** A change of a model: what is absent stays. `version` refuses the change when someone else was faster. */
export const modelChangesSchema = z.strictObject({
  ...z.strictObject(shape).partial().shape,
  version: z.number().int().optional(),
})
export type ModelChanges = z.infer<typeof modelChangesSchema>

/** A model as it is read. Every field has its `id`. Dates are ISO 8601, UTC. */
export interface Model {
  id: string
  projectId: string
  name: string
  slug: string
  fields: (Field & { id: string })[]
  indexes: ModelIndex[]
  table: TableConfig
  form: FormConfig
  revisions: boolean
  trash: { days: number } | null
  /** Grows by one with each change. */
  version: number
  createdAt: string
  updatedAt: string
}

/** One thing a change of a model does to the records that exist. */
export interface ModelImpact {
  field: string
  change: 'added' | 'removed' | 'renamed' | 'retyped' | 'tightened' | 'index'
  /** Records that keep their value or can be converted. */
  converts: number
  /** Records whose value does not fit and would be lost or refused. */
  breaks: number
  /** Up to five of those that break. */
  samples: { id: string; value: unknown; message: string }[]
}

/** What `update` answers; with `dryRun` nothing was written. */
export interface ModelUpdate {
  model: Model
  applied: boolean
  /** Records of the model when it was counted. */
  records: number
  impact: ModelImpact[]
}
