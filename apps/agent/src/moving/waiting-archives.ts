import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isId, systemClock } from '@m3m/base'
import { createProjectStorage, type ProjectStorage } from '@m3m/data'

/** Which archive a part belongs to: equal ones go on where the last one stopped, also after a restart. */
export interface ArchiveKey {
  /** Of the operator who sends it: nobody goes on with what another one began. */
  userId: string
  /** Chosen by whoever sends; says that the content is the same. */
  id: string
  totalBytes: number
}

/** Exports on their way in, sent in parts. All throw what an upload is refused for: STORAGE_*. */
export interface WaitingArchives {
  /** How much of it has come; 0 for an unknown one. */
  received(archive: ArchiveKey): Promise<number>
  /**
   * Takes in what follows. With the last byte the archive is given to `work` and is gone after it.
   * @returns what `work` made; without it, how much has come
   */
  receive<T>(
    archive: ArchiveKey & { startBytes: number },
    content: AsyncIterable<Uint8Array>,
    work: (file: string) => Promise<T>,
  ): Promise<{ made: T } | { receivedBytes: number }>
  /** Gives it up. */
  discard(archive: ArchiveKey): Promise<void>
  /** Removes what nobody has gone on with for a day. */
  expire(): Promise<void>
}

/** Below `storage.path`: no project has such an id, and backups leave it out. */
const FOLDER = '.imports'
/** One on its way and one that was given up may wait at once. */
const MOST_AT_ONCE = 2

/** @param storage `storage.path`, and the most bytes of one upload */
export function createWaitingArchives(storage: { path: string; uploadBytes: number }): WaitingArchives {
  const { path, uploadBytes } = storage
  const open = new Map<string, ProjectStorage>()

  /** Of one operator, opened once: two senders of one archive have to know of each other. */
  function of(userId: string): ProjectStorage {
    if (!isId(userId)) throw new Error('the id of an operator is 24 hex digits')
    const known = open.get(userId)
    if (known) return known
    const folder = join(path, FOLDER, userId)
    const opened = createProjectStorage({
      folder,
      clock: systemClock,
      quotaBytes: MOST_AT_ONCE * uploadBytes,
    })
    open.set(userId, opened)
    return opened
  }

  const nameOf = ({ id }: ArchiveKey) => `${id}.tar.zst`
  const limits = { overwrite: true, maxBytes: uploadBytes }

  return {
    received: (archive) => of(archive.userId).uploads.received(nameOf(archive), archive, limits),
    async receive(archive, content, work) {
      const own = of(archive.userId)
      const { receivedBytes, isWhole } = await own.uploads.receive(
        nameOf(archive),
        { ...archive, ...limits },
        content,
      )
      if (!isWhole) return { receivedBytes }
      const scratch = await mkdtemp(join(path, '.incoming-'))
      try {
        const file = join(scratch, 'archive')
        await rename(await own.locate(nameOf(archive)), file)
        return { made: await work(file) }
      } finally {
        await rm(scratch, { recursive: true, force: true })
      }
    },
    discard: (archive) => of(archive.userId).uploads.discard(nameOf(archive), archive),
    async expire() {
      for (const userId of await readdir(join(path, FOLDER)).catch(() => []))
        if (isId(userId)) await of(userId).uploads.expire()
    },
  }
}
