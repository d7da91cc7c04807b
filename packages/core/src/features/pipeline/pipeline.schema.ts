import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import type { SourcePosition } from '@m3m/base'

/** The branch that the first save of a project makes. */
export const FIRST_BRANCH = 'develop'

/** Bounds of one branch or release: together far below the 16 MiB of one BSON document. */
export const CODE_CAPS = {
  files: 500,
  fileChars: 1_048_576,
  totalChars: 4_194_304,
  pathChars: 200,
  pathDepth: 10,
} as const

const SEGMENT = /^[A-Za-z0-9_@.$-][A-Za-z0-9_@.$ -]*$/

/**
 * A path of a source file: relative, `/`-separated, plain ASCII names, so that it means the same in an
 * import, in a log line and on every file system. No `.`/`..`, nothing empty.
 */
export const sourcePathSchema = z
  .string()
  .max(CODE_CAPS.pathChars)
  .refine((path) => path.split('/').every(isSegment), {
    message: 'A path is relative, like lib/price.ts, of letters, digits and - _ . @ $.',
  })
  .refine((path) => path.split('/').length <= CODE_CAPS.pathDepth, {
    message: `A path has at most ${CODE_CAPS.pathDepth} levels.`,
  })

function isSegment(part: string): boolean {
  return SEGMENT.test(part) && !/^\.+$/.test(part) && !/[. ]$/.test(part)
}

export const sourceFileSchema = z.object({
  path: sourcePathSchema,
  code: z.string().max(CODE_CAPS.fileChars, 'A file has at most 1 MiB of code.'),
})
export type SourceFileInput = z.infer<typeof sourceFileSchema>

export const branchNameSchema = z
  .string()
  .max(60)
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?$/,
    'A branch name has letters, digits and . _ / - between them.',
  )

/** `X.Y` without leading zeros. */
export const versionSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/, 'A version looks like 1.2.')

export const RELEASE_TAGS = ['stable', 'hot-fix', 'night-build', 'develop'] as const
export type ReleaseTagName = (typeof RELEASE_TAGS)[number]

/** `not-fix` is the specification's spelling of `hot-fix`. */
export const releaseTagSchema = z
  .enum([...RELEASE_TAGS, 'not-fix'])
  .transform((tag): ReleaseTagName => (tag === 'not-fix' ? 'hot-fix' : tag))

/** A release by version or a branch by name: exactly one. */
export const codeSourceSchema = z.union([
  z.strictObject({ release: versionSchema }),
  z.strictObject({ branch: branchNameSchema }),
])
export type CodeSource = z.infer<typeof codeSourceSchema>

export const branchInput = z.object({ projectId: idSchema, name: branchNameSchema })
export const createBranchInput = z.object({
  projectId: idSchema,
  name: branchNameSchema,
  from: codeSourceSchema,
})
export const saveFilesInput = z.object({
  projectId: idSchema,
  branch: branchNameSchema,
  /** Replaces the whole set. */
  files: z.array(sourceFileSchema).min(1, 'A branch has at least one file.').max(CODE_CAPS.files),
  /** The revision that was edited; a branch that moved on since is a conflict. Absent: overwrite. */
  revision: z.number().int().min(0).optional(),
})
export const resetBranchInput = z.object({
  projectId: idSchema,
  branch: branchNameSchema,
  to: codeSourceSchema,
})
export const removeBranchInput = z.object({ projectId: idSchema, branch: branchNameSchema })
export const releaseInput = z.object({ projectId: idSchema, version: versionSchema })
export const createReleaseInput = z.object({
  projectId: idSchema,
  branch: branchNameSchema,
  bump: z.enum(['minor', 'major']),
  tag: releaseTagSchema,
  comment: z.string().trim().max(2_000).default(''),
})
export const clearReleasesInput = z.object({
  projectId: idSchema,
  /** The newest so many stay, and always the running and the active one. */
  keep: z.number().int().min(0).max(1_000).default(0),
})
export const diffInput = z.object({ projectId: idSchema, a: codeSourceSchema, b: codeSourceSchema })
export const searchCodeInput = z.object({
  projectId: idSchema,
  source: codeSourceSchema,
  text: z.string().min(1).max(200),
})

export interface BranchView {
  name: string
  /** Grows by one with every save. */
  revision: number
  fileCount: number
  sizeChars: number
  createdAt: IsoDate
  updatedAt: IsoDate
  updatedBy: { id: string; name: string } | null
  /** What it was made from, or was last reset to. */
  from: CodeSource | null
  /** A debug run of it is on. */
  running: boolean
}

export interface BranchFiles {
  name: string
  files: { path: string; code: string }[]
  revision: number
  updatedAt: IsoDate
  updatedBy: { id: string; name: string } | null
}

/** A mark in the editor; line and column are 1-based. */
export interface CodeProblem extends SourcePosition {
  severity: 'error' | 'warning'
  message: string
}

/** The files are saved whatever `problems` says. */
export interface SaveResult {
  branch: string
  revision: number
  problems: CodeProblem[]
}

export interface ReleaseView {
  version: string
  branch: string
  tag: ReleaseTagName
  comment: string
  createdBy: { id: string; name: string } | null
  createdAt: IsoDate
  fileCount: number
  sizeChars: number
  /** The one mark of the list. */
  running: boolean
}

/** One of the newest releases of all projects that the caller may see. */
export interface RecentRelease {
  projectId: string
  version: string
  tag: ReleaseTagName
  /** The caller made it. */
  own: boolean
  createdBy: { id: string; name: string } | null
  createdAt: IsoDate
}

export interface ReleaseFiles extends ReleaseView {
  files: { path: string; code: string }[]
}

/** One file of a comparison; a side where the file is not there is `null`. */
export interface FileDiff {
  path: string
  status: 'added' | 'removed' | 'changed' | 'same'
  a: string | null
  b: string | null
}

export interface CodeHit extends SourcePosition {
  /** The whole line, cut at 300 characters. */
  text: string
}
