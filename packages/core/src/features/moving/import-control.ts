import { newId } from '@m3m/base'
import { movingErrors, type ProjectDocument, type ProjectImport } from '@m3m/data'
import { z } from 'zod'
import type { Actor } from '../access/actor.schema.ts'
import {
  branchNameSchema,
  codeSourceSchema,
  CODE_CAPS,
  RELEASE_TAGS,
  sourceFileSchema,
  versionSchema,
} from '../pipeline/pipeline.schema.ts'
import { MAX_VIEWS, viewColumnSchema } from '../views/views.schema.ts'
import type { MovingDeps } from './moving.service.ts'

/** What of an export is in the control database. */
export interface ControlDocument {
  part: 'branches' | 'releases' | 'lastVersion' | 'views'
  document: Record<string, unknown>
}

export const isControlPart = (taken: ControlDocument | ProjectDocument): taken is ControlDocument =>
  taken.part in SCHEMAS

const files = z.array(sourceFileSchema).min(1).max(CODE_CAPS.files)
const number = z.coerce.number().int().min(0).max(999_999)

const SCHEMAS = {
  branches: z.object({
    name: branchNameSchema,
    files,
    from: codeSourceSchema.nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  }),
  releases: z.object({
    version: versionSchema,
    branch: branchNameSchema,
    tag: z.enum(RELEASE_TAGS),
    comment: z.string().max(10_000),
    files,
    createdAt: z.date(),
  }),
  lastVersion: z.object({ major: number, minor: number }),
  views: z.object({
    modelId: z.string(),
    name: z.string().min(1).max(60),
    filter: z.string().max(2_000).nullable(),
    sort: z.string().max(200).nullable(),
    search: z.string().max(200).nullable(),
    columns: z.array(viewColumnSchema).max(250),
    isDefault: z.boolean(),
  }),
} as const

type View = z.output<typeof SCHEMAS.views>

interface ControlTarget {
  projectId: string
  actor: Actor
  modelId: ProjectImport['modelId']
}

/** Takes in code and views; every document is checked as if somebody had sent it by the API. */
export function createControlImport(
  { code, views: viewStore, clock }: MovingDeps,
  { projectId, actor, modelId }: ControlTarget,
) {
  const { userId } = actor
  const views: View[] = []
  let last = { major: 0, minor: 0 }
  return {
    /** @throws PROJECT_IMPORT_INVALID */
    async take({ part, document }: ControlDocument): Promise<void> {
      if (part === 'branches') {
        const branch = checked(SCHEMAS.branches, document, part)
        const sizes = sizeOf(branch.files)
        await code.branches.add({ projectId, ...branch, ...sizes, revision: 1, updatedBy: userId })
      } else if (part === 'releases') {
        const release = checked(SCHEMAS.releases, document, part)
        const [major, minor] = release.version.split('.').map(Number) as [number, number]
        last = later(last, { major, minor })
        const sizes = sizeOf(release.files)
        await code.releases.add({ projectId, ...release, major, minor, ...sizes, createdBy: userId })
      } else if (part === 'lastVersion') last = later(last, checked(SCHEMAS.lastVersion, document, part))
      else if (views.length < MAX_VIEWS * 200) views.push(checked(SCHEMAS.views, document, part))
    },
    /** When every model has its id. */
    async end(): Promise<void> {
      if (last.major > 0) await code.setLastVersion(projectId, last)
      for (const { modelId: exported, ...view } of views) {
        const model = modelId(exported)
        const updatedAt = new Date(clock.now()).toISOString()
        if (model) await viewStore.insert({ projectId, modelId: model }, { id: newId(), ...view, updatedAt })
      }
    },
  }
}

function checked<T extends z.ZodType>(schema: T, document: unknown, part: string): z.output<T> {
  const result = schema.safeParse(document)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw movingErrors.PROJECT_IMPORT_INVALID({ reason: `${part}: ${path.map(String).join('.')}: ${message}` })
}

/** As saving counts it. */
function sizeOf(code: z.output<typeof files>) {
  const sizeChars = code.reduce((sum, file) => sum + file.code.length, 0)
  if (sizeChars > CODE_CAPS.totalChars)
    throw movingErrors.PROJECT_IMPORT_INVALID({
      reason: `a version has more than ${CODE_CAPS.totalChars} characters`,
    })
  return { fileCount: code.length, sizeChars }
}

type Version = { major: number; minor: number }

function later(one: Version, other: Version): Version {
  const isLater = other.major > one.major || (other.major === one.major && other.minor > one.minor)
  return isLater ? other : one
}
