import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'
import { PROJECT_COLORS } from '../projects/projects.schema.ts'

/** As the runtime bounds them (packages/runtime/src/sandbox/presses): slugs and texts of a service are checked again here. */
const slugSchema = z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/)
const textSchema = z.string().max(4_100)

/** A button a running service has defined. */
export const actionSchema = z.object({
  slug: slugSchema,
  name: textSchema,
  description: textSchema,
  /** '' when the author named none. */
  color: z.enum(['', ...PROJECT_COLORS]).catch(''),
  /** The question asked before it begins; '' for none. */
  confirm: textSchema,
  state: z.enum(['enabled', 'disabled', 'loading']),
  /** Presses of it under way, by anybody. */
  presses: z.number().int().nonnegative(),
})
export const actionListSchema = z.array(actionSchema).max(100)
export type ActionView = z.infer<typeof actionSchema>

const severitySchema = z.enum(['info', 'success', 'warning', 'error'])
export type Severity = z.infer<typeof severitySchema>

const fieldSchema = z.object({
  name: z.string().min(1).max(100),
  type: z.enum([
    'input',
    'textarea',
    'number',
    'password',
    'checkbox',
    'select',
    'radiogroup',
    'date',
    'datetime',
  ]),
  label: textSchema,
  hint: textSchema,
  colspan: z.number().int().min(1).max(6),
  required: z.boolean(),
  placeholder: textSchema,
  defaultValue: z.union([textSchema, z.number(), z.boolean(), z.null()]),
  options: z.array(z.object({ value: textSchema, label: textSchema })).max(500),
})
export type DialogField = z.infer<typeof fieldSchema>

const buttonSchema = z.object({
  label: textSchema,
  action: textSchema,
  variant: z.enum(['default', 'outline', 'destructive']),
})

export const dialogSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alert'), title: textSchema, text: textSchema, severity: severitySchema }),
  z.object({
    type: z.literal('confirm'),
    title: textSchema,
    text: textSchema,
    yes: textSchema,
    no: textSchema,
  }),
  z.object({
    type: z.literal('prompt'),
    title: textSchema,
    text: textSchema,
    placeholder: textSchema,
    defaultValue: textSchema,
  }),
  z.object({
    type: z.literal('form'),
    title: textSchema,
    text: textSchema,
    fields: z.array(fieldSchema).min(1).max(60),
    /** None: one button that the panel names. */
    actions: z.array(buttonSchema).max(6),
  }),
])
export type ActionDialog = z.infer<typeof dialogSchema>

/** What a press says to the person who pressed. `done`, `failed` and `lost` are the last thing it says. */
export const pressEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('toast'), title: textSchema, text: textSchema, severity: severitySchema }),
  z.object({ kind: z.literal('dialog'), id: z.number().int().positive(), dialog: dialogSchema }),
  /** Of a form that stays open: it is being worked on, or something in it is not right ('' is the form as a whole). */
  z.object({
    kind: z.literal('update'),
    id: z.number().int().positive(),
    loading: z.boolean(),
    errors: z.record(z.string().max(100), textSchema),
  }),
  z.object({ kind: z.literal('close'), id: z.number().int().positive() }),
  z.object({ kind: z.literal('done'), text: textSchema }),
  z.object({ kind: z.literal('failed'), message: textSchema.catch('The action failed.') }),
  /** The service ended before the action did. */
  z.object({ kind: z.literal('lost') }),
])
export type PressEvent = z.infer<typeof pressEventSchema>

/** A page of what a press has said, as the runtime gives it. */
export const pressPageSchema = z.object({
  events: z.array(z.object({ seq: z.number().int().positive(), event: z.unknown() })).max(300),
  over: z.boolean(),
})

export const pressActionInput = z.object({ projectId: idSchema, slug: slugSchema })
export const followPressInput = z.object({
  projectId: idSchema,
  pressId: idSchema,
  /** Set by the client when it connects again. */
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})
/** `null`: the person closed the dialog. */
export const answerDialogInput = z.object({
  projectId: idSchema,
  pressId: idSchema,
  dialogId: z.number().int().positive(),
  answer: z.union([
    z.null(),
    z.boolean(),
    z.string().max(20_000),
    z.object({
      action: z.string().max(4_100),
      data: z
        .record(z.string().max(100), z.union([z.string().max(20_000), z.number(), z.boolean(), z.null()]))
        .refine((data) => Object.keys(data).length <= 60, 'A form has at most 60 fields.'),
    }),
  ]),
})
