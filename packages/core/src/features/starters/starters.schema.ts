import { modelInputSchema, variableKeySchema, variableSchema } from '@m3m/data/schema'
import { z } from 'zod'
import { projectColorSchema, projectNameSchema, projectSlugSchema } from '../projects/projects.schema.ts'

const starterSlugSchema = projectSlugSchema
const titleSchema = z.string().trim().min(1).max(60)
const summarySchema = z.string().trim().min(1).max(200)

/** A variable that a new project gets: with its value, with a random one, or only named because its owner alone has it. */
const starterVariableSchema = z.union([
  variableSchema,
  z.strictObject({
    key: variableKeySchema,
    type: z.enum(['string', 'secret']),
    /** Random bytes, written as hex. */
    randomBytes: z.int().min(8).max(64),
  }),
  z.strictObject({
    key: variableKeySchema,
    /** What to type in Environment, and where one gets it. */
    ask: z.string().trim().min(1).max(200),
  }),
])
export type StarterVariable = z.infer<typeof starterVariableSchema>

/** `starter.yaml` beside the code: what else a service needs to run. */
export const starterManifestSchema = z.strictObject({
  title: titleSchema,
  summary: summarySchema,
  /** The same in other languages of the panel. */
  ru: z.strictObject({ title: titleSchema, summary: summarySchema }).optional(),
  /** Place in the list; lower comes first. */
  order: z.int().min(0).max(1_000).default(100),
  models: z.array(modelInputSchema).max(10).default([]),
  variables: z.array(starterVariableSchema).max(20).default([]),
})
export type StarterManifest = z.output<typeof starterManifestSchema>

/** A service that a new project can begin as. */
export interface StarterView {
  slug: string
  title: string
  summary: string
  ru: { title: string; summary: string } | null
  /** Slugs of the models that are made. */
  models: string[]
  /** Keys of the variables that are made. */
  variables: string[]
  /** What only the person who makes the project can fill in. */
  asks: { key: string; ask: string }[]
}

export const createFromStarterInput = z.strictObject({
  starter: starterSlugSchema,
  name: projectNameSchema,
  /** Absent: made from the name. */
  slug: projectSlugSchema.optional(),
  color: projectColorSchema.default(null),
})
