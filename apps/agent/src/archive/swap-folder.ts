import { existsSync, realpathSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A folder in the place of another. Disposed of before it is settled, everything is as it was. */
export interface SwappedFolder extends AsyncDisposable {
  /** Where what was there is kept; `null` when there was nothing. */
  kept: string | null
  settle(): void
}

interface Swap {
  from: string
  to: string
  /** Of the name that what was there is kept under. */
  suffix: string
}

/**
 * Puts the folder `from` in the place of `to`. A link at `to` stays one: what it leads to is changed. Folders that
 * cannot be renamed (a mount point, another file system) are filled by a copy that is whole before anything that was
 * there is touched; what follows are changes of names, and each can be taken back.
 */
export async function swapFolder({ from, to, suffix }: Swap): Promise<SwappedFolder> {
  await mkdir(from, { recursive: true, mode: 0o700 })
  const target = existsSync(to) ? realpathSync(to) : to
  const undo: (() => Promise<void>)[] = []
  const back = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const kept =
      (await swapWhole({ from, to: target, suffix }, undo)) ??
      (await swapInside({ from, to: target, suffix }, undo))
    return {
      kept: kept === '' ? null : kept,
      settle: () => void undo.splice(0),
      [Symbol.asyncDispose]: back,
    }
  } catch (error) {
    await back()
    throw error
  }
}

/** Two changes of name. `null` when the system refuses them; `''` when nothing was there. */
async function swapWhole({ from, to, suffix }: Swap, undo: (() => Promise<void>)[]): Promise<string | null> {
  const kept = existsSync(to) ? `${to}.${suffix}` : ''
  try {
    if (kept) await moved(to, kept, undo)
    await moved(from, to, undo)
    return kept
  } catch (error) {
    for (const step of undo.splice(0).reverse()) await step()
    if (isRefusal(error)) return null
    throw error
  }
}

/** What is there goes into a folder inside, what comes is copied into another one first. */
async function swapInside({ from, to, suffix }: Swap, undo: (() => Promise<void>)[]): Promise<string> {
  await mkdir(to, { recursive: true, mode: 0o700 })
  const [incoming, kept] = [join(to, `.incoming-${suffix}`), join(to, `.${suffix}`)]
  undo.push(() => rm(incoming, { recursive: true, force: true }))
  await cp(from, incoming, { recursive: true, errorOnExist: true, preserveTimestamps: true })
  await mkdir(kept, { mode: 0o700 })
  undo.push(() => rm(kept, { recursive: true, force: true }))
  for (const name of await readdir(to)) {
    const isOurs = [incoming, kept].some((folder) => basename(folder) === name)
    // What an earlier restore kept stays where it is: its place is said by then.
    if (!isOurs && !name.startsWith('.before-restore-')) await moved(join(to, name), join(kept, name), undo)
  }
  for (const name of await readdir(incoming)) await moved(join(incoming, name), join(to, name), undo)
  await rm(incoming, { recursive: true, force: true })
  return kept
}

async function moved(from: string, to: string, undo: (() => Promise<void>)[]): Promise<void> {
  await rename(from, to)
  undo.push(async () => {
    await mkdir(dirname(from), { recursive: true })
    await rename(to, from)
  })
}

/** EXDEV: another file system; EBUSY, EPERM: a mount point; EACCES: the folder around it is not ours. */
function isRefusal(error: unknown): boolean {
  return ['EXDEV', 'EBUSY', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')
}
