import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import type { ProjectRole } from '../access/access.schema.ts'
import { projectRoleSchema } from '../access/access.schema.ts'
import { emailSchema } from '../users/users.schema.ts'

/** The 16 colours of a project; `null` is none. Each is a token of both themes (panel.md, Look). */
export const PROJECT_COLORS = [
  'red',
  'orange',
  'amber',
  'yellow',
  'lime',
  'green',
  'emerald',
  'teal',
  'cyan',
  'sky',
  'blue',
  'indigo',
  'violet',
  'purple',
  'pink',
  'rose',
] as const
export type ProjectColor = (typeof PROJECT_COLORS)[number]

/** `'none'` is read as `null`. */
export const projectColorSchema = z
  .enum(['none', ...PROJECT_COLORS])
  .nullable()
  .transform((color) => (color === 'none' ? null : color))

export const projectNameSchema = z.string().trim().min(1, 'Type a name.').max(80)

/** A DNS label (RFC 1035, 2.3.1) that may begin with a digit: it stands in URLs and may become a host name. */
export const projectSlugSchema = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    'A slug has lower-case letters, digits and single dashes between them.',
  )
  .refine((slug) => !slug.includes('--'), 'A slug has no two dashes in a row.')

const KIB = 1024
const MIB = 1024 * KIB

/** Overrides of config.yaml `runtime.limits` for one project; what is absent is the agent's default. Bounds keep a typing error from taking the machine. */
export const projectLimitsSchema = z.object({
  memoryMb: z.number().int().min(16).max(4_096).optional(),
  cpuStretchMs: z.number().int().min(50).max(60_000).optional(),
  requestWallMs: z.number().int().min(100).max(600_000).optional(),
  requestBodyBytes: z
    .number()
    .int()
    .min(KIB)
    .max(1_024 * MIB)
    .optional(),
  responseBodyBytes: z
    .number()
    .int()
    .min(KIB)
    .max(1_024 * MIB)
    .optional(),
})
export type ProjectLimits = z.infer<typeof projectLimitsSchema>

export const projectSettingsSchema = z.object({
  /** Whether the project starts with the agent when it should run. */
  autoStart: z.boolean(),
  /** Whether a release that fails to boot gives way to the last one that ran. */
  rollback: z.boolean(),
  /** With other services in one process, or alone in its own. Absent or `default`: as `runtime.isolation` says. */
  isolation: z.enum(['default', 'shared', 'process']).optional(),
  limits: projectLimitsSchema,
})
export type ProjectSettings = z.infer<typeof projectSettingsSchema>

export const DEFAULT_PROJECT_SETTINGS: ProjectSettings = {
  autoStart: true,
  rollback: false,
  limits: {},
}

export const createProjectInput = z.object({
  name: projectNameSchema,
  /** Absent: made from the name. */
  slug: projectSlugSchema.optional(),
  color: projectColorSchema.default(null),
})

/** By one of the two. */
export const getProjectInput = z.union([
  z.object({ projectId: idSchema }),
  z.object({ slug: z.string().min(1).max(63) }),
])

export const updateProjectInput = z.object({
  projectId: idSchema,
  name: projectNameSchema.optional(),
  slug: projectSlugSchema.optional(),
  color: projectColorSchema.optional(),
  settings: projectSettingsSchema.partial().optional(),
})

export const removeProjectInput = z.object({ projectId: idSchema, confirmName: z.string().max(80) })
export const suggestSlugInput = z.object({ name: z.string().max(200) })

export const addMemberInput = z.object({ projectId: idSchema, email: emailSchema, role: projectRoleSchema })
export const updateMemberInput = z.object({ projectId: idSchema, userId: idSchema, role: projectRoleSchema })
export const removeMemberInput = z.object({ projectId: idSchema, userId: idSchema })

export interface ProjectView {
  id: string
  name: string
  slug: string
  color: ProjectColor | null
  /** The role of the one who asks; root is an owner everywhere. */
  role: ProjectRole
  settings: ProjectSettings
  createdAt: IsoDate
  createdBy: { id: string; name: string } | null
}

export interface MemberView {
  userId: string
  email: string
  name: string
  role: ProjectRole
  avatarVersion: string | null
  addedAt: IsoDate
}
