import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isId, type Logger } from '@m3m/base'
import type { WaitingArchives } from '../moving/waiting-archives.ts'
import type { AgentFiles } from './stored-files.ts'

const LOOK_MS = 3_600_000
/** A file under way lasts as long as its request; what is older was left by a process that was killed. */
const LEFT_BEHIND_MS = 24 * 3_600_000

/** Clears away what cut uploads and killed processes left in the projects' folders: now, and each hour. */
export function expireUploads(deps: {
  storagePath: string
  files: AgentFiles
  archives: WaitingArchives
  logger: Logger
}): Disposable {
  const { storagePath, files, archives, logger } = deps
  const look = async () => {
    await archives.expire()
    for (const name of await readdir(storagePath).catch(() => [])) {
      if (/^\.(?:import|incoming)-/.test(name)) await removeOld(join(storagePath, name))
      if (!isId(name)) continue
      await files.of(name).uploads.expire()
      await clear(join(storagePath, name, 'incoming'))
    }
  }
  const lookSafely = () => void look().catch((error: unknown) => logger.warn('cut uploads stay', { error }))
  lookSafely()
  const timer = setInterval(lookSafely, LOOK_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) await removeOld(join(folder, name))
}

async function removeOld(path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found && Date.now() - found.mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true })
}
