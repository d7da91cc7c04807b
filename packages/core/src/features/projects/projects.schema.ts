import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import { shownNameSchema } from '../../names.schema.ts'
import { hostSchema, outboundAllowSchema, webOriginSchema } from '../../network.schema.ts'
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

export const projectNameSchema = shownNameSchema.max(80)

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

/** Lowest and highest value of a limit. */
export interface LimitBounds {
  min: number
  max: number
}

/**
 * Limits a project may set for itself, with the widest bounds there are: a typing error must not take the machine.
 * config.yaml `runtime.maxLimits` may lower what a project can have. Names carry the units.
 */
export const LIMIT_BOUNDS = {
  memoryMb: { min: 16, max: 4_096 },
  cpuStretchMs: { min: 50, max: 60_000 },
  requestWallMs: { min: 100, max: 600_000 },
  requestBodyBytes: { min: KIB, max: 1_024 * MIB },
  responseBodyBytes: { min: KIB, max: 1_024 * MIB },
  maxRoutes: { min: 1, max: 10_000 },
  maxJobs: { min: 1, max: 10_000 },
  requestsKept: { min: 0, max: 500 },
  storageQuotaBytes: { min: MIB, max: 1_024 ** 2 * MIB },
} as const satisfies Record<string, LimitBounds>

export type LimitName = keyof typeof LIMIT_BOUNDS
export const LIMIT_NAMES = Object.keys(LIMIT_BOUNDS) as LimitName[]

const limit = (name: LimitName) => z.int().min(LIMIT_BOUNDS[name].min).max(LIMIT_BOUNDS[name].max).optional()

/** Overrides of config.yaml `runtime.limits` for one project; what is absent is the agent's default. */
export const projectLimitsSchema = z.object({
  memoryMb: limit('memoryMb'),
  cpuStretchMs: limit('cpuStretchMs'),
  requestWallMs: limit('requestWallMs'),
  requestBodyBytes: limit('requestBodyBytes'),
  responseBodyBytes: limit('responseBodyBytes'),
  maxRoutes: limit('maxRoutes'),
  maxJobs: limit('maxJobs'),
  requestsKept: limit('requestsKept'),
  storageQuotaBytes: limit('storageQuotaBytes'),
})
export type ProjectLimits = z.infer<typeof projectLimitsSchema>

/** `https://shop.example.com`, exactly as a browser sends it in `Origin`. */
const corsOriginSchema = webOriginSchema

export const projectSettingsSchema = z.object({
  /** Whether the project starts with the agent when it should run. */
  autoStart: z.boolean(),
  /** Whether a release that fails to boot gives way to the last one that ran. */
  rollback: z.boolean(),
  /** With other services in one process, or alone in its own. Absent or `default`: as `runtime.isolation` says. */
  isolation: z.enum(['default', 'shared', 'process']).optional(),
  limits: projectLimitsSchema,
  /** What this project's service may reach beside the open internet and what the agent allows all. Only root widens it. */
  outbound: z.object({
    allow: outboundAllowSchema,
    /** Host names that may be reached wherever they are. */
    hosts: z.array(hostSchema).max(50),
  }),
  /** The REST API of this project. */
  api: z.object({
    /** Origins whose pages may call it; `*` is every one. */
    corsOrigins: z
      .array(
        z.union([z.literal('*'), corsOriginSchema], 'Type an origin such as https://shop.example.com, or *.'),
      )
      .max(50),
    /** Requests a minute of one API key; `null` is no limit. */
    ratePerMinute: z.int().min(1).max(1_000_000).nullable(),
  }),
  /** Names of the plugins that the service is given; changed by `plugins.enable`. */
  plugins: z.array(z.string()),
})
export type ProjectSettings = z.output<typeof projectSettingsSchema>

export const DEFAULT_PROJECT_SETTINGS: ProjectSettings = {
  autoStart: true,
  rollback: false,
  limits: {},
  outbound: { allow: [], hosts: [] },
  api: { corsOrigins: [], ratePerMinute: null },
  plugins: [],
}

/** What a project's settings stand against. */
export interface ProjectLimitsView {
  /** What holds where the project says nothing; `null` is no limit. */
  defaults: Record<LimitName, number | null>
  bounds: Record<LimitName, LimitBounds>
  /** `runtime.isolation`. */
  isolation: 'process' | 'shared'
  /** What every project may reach. */
  outboundAllow: string[]
}

export const createProjectInput = z.object({
  name: projectNameSchema,
  /** Absent: made from the name. */
  slug: projectSlugSchema.optional(),
  color: projectColorSchema.default(null),
})

/**
 * What changed of a project: itself (its name, address, settings), its branches or releases; `gone`: it was deleted, or
 * the one who watches may see it no more.
 */
export interface ProjectNews {
  projectId: string
  what: 'project' | 'code' | 'gone'
}

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
  settings: projectSettingsSchema.omit({ plugins: true }).partial().optional(),
})

export const projectTestMailInput = z.object({ projectId: idSchema, to: emailSchema })
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
  /** When something was changed that holds from the next start on; `null`: never. */
  settingsChangedAt: IsoDate | null
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
