import { z } from 'zod'
import {
  projectColorSchema,
  projectNameSchema,
  projectSettingsSchema,
  projectSlugSchema,
} from '../projects/projects.schema.ts'

/** What goes along beside code, models, variables, goals and settings. */
export const exportOptionsSchema = z.strictObject({
  /** Records, and what is in the trash. */
  records: z.boolean().default(true),
  revisions: z.boolean().default(true),
  files: z.boolean().default(true),
  /** Values of secret variables, sealed with this agent's key. Without it their names go along alone. */
  secrets: z.boolean().default(false),
})
export type ProjectExportOptions = z.output<typeof exportOptionsSchema>

/** First entry of an export: what it is of, and what is in it. */
export const projectManifestSchema = z.strictObject({
  format: z.literal('m3m-project'),
  /** Grows when an older agent could not read it. */
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  agentVersion: z.string().max(100),
  project: z.strictObject({
    name: projectNameSchema,
    slug: projectSlugSchema,
    color: projectColorSchema,
    settings: projectSettingsSchema,
  }),
  with: exportOptionsSchema,
  /** Ids of the keys that may have sealed its secrets; empty without secrets. */
  keyIds: z.array(z.string().max(64)).max(100),
})
export type ProjectManifest = z.output<typeof projectManifestSchema>

/** How an export is taken in. */
export const importOptionsSchema = z.strictObject({
  /** Absent: as in the export. */
  name: projectNameSchema.optional(),
  slug: projectSlugSchema.optional(),
  /** Leave secrets out although they came along; they have to be typed anew. */
  withoutSecrets: z.boolean().default(false),
})
export type ProjectImportOptions = z.output<typeof importOptionsSchema>
