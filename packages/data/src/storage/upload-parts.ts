import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '@m3m/base'
import type { Confined } from './confine.ts'
import { absentIsNull } from './disk-look.ts'
import { storageErrors } from './storage.errors.ts'
import type { ProjectStorageDeps } from './project-storage.ts'
import type { StorageTree } from './storage-tree.ts'
import type { Usage } from './usage.ts'
import { translate } from './write-file.ts'

/** Which upload a part belongs to: equal ones go on where the last one stopped, also after a restart. */
export interface UploadKey {
  /** Chosen by whoever sends; says that the content is the same. */
  id: string
  /** Of the whole file. */
  totalBytes: number
}

export interface PartLimits {
  /** Where the content begins; must be where the last part ended. */
  startBytes: number
  overwrite: boolean
  maxBytes: number
}

/** Uploads that may be cut and go on. All throw STORAGE_PATH and STORAGE_KIND. */
export interface UploadParts {
  /** How much of the file has come; 0 for an unknown one. With `limits`: @throws what the rest would be refused for */
  received(path: string, upload: UploadKey, limits?: Omit<PartLimits, 'startBytes'>): Promise<number>
  /**
   * Takes in what follows. A connection that breaks leaves what had come; with the last byte the file is put in
   * place, whole. A second sender of the same upload ends the first.
   * @throws STORAGE_PART, STORAGE_TOO_LARGE, STORAGE_EXISTS, STORAGE_QUOTA, STORAGE_UPLOADS, STORAGE_DISK_FULL
   */
  receive(
    path: string,
    upload: UploadKey & PartLimits,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ receivedBytes: number; isWhole: boolean }>
  /** Gives an upload up. */
  discard(path: string, upload: UploadKey): Promise<void>
  /** Removes what nobody has gone on with for a day. */
  expire(): Promise<void>
}

/** Unfinished uploads of one project at once. */
const MAX_UPLOADS = 200
/** So long a cut upload can be gone on with. */
const KEEP_MS = 24 * 3_600_000

export interface UploadPartsDeps {
  tree: StorageTree
  usage: Usage
  clock: Clock
  /** Folder of the parts, on the disk of the storage. */
  folder: string
  quotaBytes: ProjectStorageDeps['quotaBytes']
}

export function createUploadParts(deps: UploadPartsDeps): UploadParts {
  const { tree, folder } = deps
  const receiving = new Map<string, { stop: () => void; done: Promise<unknown> }>()

  /** Of two senders the later one is the person who tries again; the earlier is a connection that has not noticed. */
  async function alone<T>(part: string, work: (stopped: Promise<never>) => Promise<T>): Promise<T> {
    for (let before = receiving.get(part); before; before = receiving.get(part)) {
      before.stop()
      await before.done
    }
    const { promise: stopped, reject } = Promise.withResolvers<never>()
    stopped.catch(() => {})
    const running = work(stopped)
    const mine = { stop: () => reject(storageErrors.STORAGE_TAKEN_OVER({})), done: running.catch(() => {}) }
    receiving.set(part, mine)
    try {
      return await running
    } finally {
      if (receiving.get(part) === mine) receiving.delete(part)
    }
  }

  async function place(path: string, upload: UploadKey) {
    const target = await tree.at(path)
    if (target.path === '') throw storageErrors.STORAGE_KIND({ path: '', wanted: 'file' })
    const name = createHash('sha256')
      .update(`${upload.id}\n${upload.totalBytes}\n${target.path}`)
      .digest('hex')
    return { target, part: join(folder, name) }
  }

  return {
    async received(path, upload, limits) {
      const { target, part } = await place(path, upload)
      const startBytes = (await lstat(part).catch(absentIsNull))?.size ?? 0
      if (limits) await admit(deps, target, part, { ...upload, ...limits, startBytes })
      return startBytes
    },
    async receive(path, upload, content) {
      const { target, part } = await place(path, upload)
      return alone(part, async (stopped) => {
        const there = await admit(deps, target, part, upload)
        try {
          await fill(part, target, upload, until(stopped, content))
          const { size } = await lstat(part)
          if (size < upload.totalBytes) return { receivedBytes: size, isWhole: false }
          await putInPlace(part, target, upload.overwrite)
          deps.usage.add(size - there)
          return { receivedBytes: size, isWhole: true }
        } catch (error) {
          const known = translate(error, target)
          // A full disk is not kept full by what cannot be finished.
          if ((known as { code?: unknown }).code === 'STORAGE_DISK_FULL') await rm(part, { force: true })
          throw known
        }
      })
    },
    async discard(path, upload) {
      const { part } = await place(path, upload)
      await alone(part, () => rm(part, { force: true }))
    },
    async expire() {
      const before = deps.clock.now() - KEEP_MS
      for (const { path, mtimeMs } of await partsIn(folder)) {
        if (mtimeMs < before && !receiving.has(path)) await rm(path, { force: true })
      }
    },
  }
}

/** Before a byte is read: all that can be known. How many bytes the file replaces. */
async function admit(
  { tree, usage, quotaBytes, folder }: UploadPartsDeps,
  target: Confined,
  part: string,
  upload: UploadKey & PartLimits,
): Promise<number> {
  const { path } = target
  if (upload.totalBytes > upload.maxBytes)
    throw storageErrors.STORAGE_TOO_LARGE({ path, limit: upload.maxBytes })
  const there = await tree.entryAt(target)
  if (there?.kind === 'folder') throw storageErrors.STORAGE_KIND({ path, wanted: 'file' })
  if (there && !upload.overwrite) throw storageErrors.STORAGE_EXISTS({ path })
  const parts = await partsIn(folder)
  const receivedBytes = parts.find((each) => each.path === part)?.sizeBytes ?? 0
  if (receivedBytes !== upload.startBytes)
    throw storageErrors.STORAGE_PART({ path, receivedBytes, startBytes: upload.startBytes })
  if (receivedBytes === 0 && parts.length >= MAX_UPLOADS)
    throw storageErrors.STORAGE_UPLOADS({ max: MAX_UPLOADS })
  const replacedBytes = there?.sizeBytes ?? 0
  const limit = typeof quotaBytes === 'function' ? await quotaBytes() : (quotaBytes ?? null)
  if (limit !== null) {
    const waiting = parts.reduce((sum, each) => sum + each.sizeBytes, 0) - receivedBytes
    const usedBytes = (await usage.bytes()) - replacedBytes + waiting
    if (usedBytes + upload.totalBytes > limit)
      throw storageErrors.STORAGE_QUOTA({ usedBytes, quotaBytes: limit })
  }
  return replacedBytes
}

async function fill(
  part: string,
  { path }: Confined,
  { startBytes, totalBytes }: UploadKey & PartLimits,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  await mkdir(dirname(part), { recursive: true, mode: 0o700 })
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants
  const file = await open(part, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
  let sizeBytes = startBytes
  try {
    for await (const chunk of content) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > totalBytes) throw storageErrors.STORAGE_TOO_LARGE({ path, limit: totalBytes })
      await file.writeFile(chunk)
    }
    if (sizeBytes === totalBytes) await file.sync()
  } finally {
    await file.close()
  }
}

/** A sender that has vanished sends nothing, not even an end: the next chunk is not waited for. */
async function* until(
  stopped: Promise<never>,
  content: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const chunks = content[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), stopped])
      if (next.done) return
      yield next.value
    }
  } finally {
    void chunks.return?.()
  }
}

async function putInPlace(part: string, target: Confined, overwrite: boolean): Promise<void> {
  await mkdir(dirname(target.absolute), { recursive: true })
  if (overwrite) return rename(part, target.absolute)
  await link(part, target.absolute)
  await rm(part, { force: true })
}

async function partsIn(folder: string): Promise<{ path: string; sizeBytes: number; mtimeMs: number }[]> {
  const names = (await readdir(folder).catch(absentIsNull)) ?? []
  const parts = names.map(async (name) => {
    const path = join(folder, name)
    const found = await lstat(path).catch(absentIsNull)
    return found === null ? null : { path, sizeBytes: found.size, mtimeMs: found.mtimeMs }
  })
  return (await Promise.all(parts)).filter((part) => part !== null)
}
