import { z } from 'zod'

export const VARIABLE_TYPES = ['string', 'text', 'json', 'integer', 'float', 'boolean', 'secret'] as const
export type VariableType = (typeof VARIABLE_TYPES)[number]

/** Variables a project may have. */
export const MAX_VARIABLES = 500
/** Size of one value as text, in UTF-8 bytes. */
export const MAX_VALUE_BYTES = 64 * 1024

/** As environment variables are named everywhere: letters, digits and underscores, no digit first. */
export const variableKeySchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and _ only, no digit first')
  .refine((key) => key !== '__proto__', 'this name is reserved')

/** One variable. A secret is written with its value and read with `null`; written with `null` it keeps what it has. */
export const variableSchema = z.strictObject({
  key: variableKeySchema,
  type: z.enum(VARIABLE_TYPES),
  value: z.json(),
})
export type Variable = z.infer<typeof variableSchema>

export const variablesInputSchema = z.strictObject({
  variables: z.array(variableSchema).max(MAX_VARIABLES),
  /** From the last `list`: the save is refused when someone saved in between. */
  revision: z.number().int().min(0).optional(),
})
export type VariablesInput = z.infer<typeof variablesInputSchema>

/** All variables of a project and the number that grows with each save (0 = never saved). */
export interface VariableList {
  variables: Variable[]
  revision: number
}
