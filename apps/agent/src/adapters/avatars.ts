import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError, newId } from '@m3m/base'
import type { ToolPool } from '@m3m/runtime'
import { httpErrors } from '../http/http.errors.ts'

/** Pictures of operators. */
export interface Avatars {
  /**
   * Makes a square of what was sent and keeps it; gives back its version.
   * @throws HTTP_BODY for what is no picture, or one of too many pixels; TOOL_*
   */
  keep(userId: string, bytes: Uint8Array): Promise<string>
  remove(userId: string): Promise<void>
  /** Absolute path; there may be nothing. */
  fileOf(userId: string): string
}

const SIZE_PIXELS = 256
const DEADLINE_MS = 10_000

/**
 * What is kept is never what was sent: a helper process decodes it and writes a new WebP. So a file that only
 * calls itself a picture is refused, and what a camera wrote beside the pixels (place, time) is gone.
 */
export function createAvatars({ folder, tools }: { folder: string; tools: ToolPool }): Avatars {
  const fileOf = (userId: string) => join(folder, userId)
  return {
    fileOf,
    remove: (userId) => rm(fileOf(userId), { force: true }),
    async keep(userId, bytes) {
      const workshop = join(folder, `incoming-${newId()}`)
      await mkdir(workshop, { recursive: true, mode: 0o700 })
      try {
        const source = join(workshop, 'source')
        await writeFile(source, bytes, { mode: 0o600 })
        const size = { width: SIZE_PIXELS, height: SIZE_PIXELS, fit: 'cover' as const }
        const input = { source, folder: workshop, ...size }
        const { output } = await tools.run('preview', input, { deadlineMs: DEADLINE_MS }).catch(refused)
        const made = join(workshop, output.file)
        const version = createHash('sha256')
          .update(await readFile(made))
          .digest('hex')
          .slice(0, 16)
        await rename(made, fileOf(userId))
        return version
      } finally {
        await rm(workshop, { recursive: true, force: true })
      }
    },
  }
}

function refused(error: unknown): never {
  if (!(error instanceof AppError) || error.blame !== 'user') throw error
  throw httpErrors.HTTP_BODY({ reason: 'expected a whole PNG, JPEG or WebP image' }, { cause: error })
}
