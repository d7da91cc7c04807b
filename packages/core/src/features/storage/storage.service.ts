import type { z } from 'zod'
import { compileGlob, storageErrors, storagePath } from '@m3m/data'
import type { Clock } from '@m3m/base'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import { createArchiveOrders } from './archive-orders.ts'
import type { ArchiveOrder, ArchiveOrders } from './archive-orders.ts'
import type { FileTickets } from './file-tickets.port.ts'
import type { LinksService } from './links.service.ts'
import type {
  FoundFiles,
  MeasuredFiles,
  StorageLink,
  StoredFacts,
  StoredFolder,
  StoredText,
  archiveInput,
  linkInput,
  measureInput,
  removeFilesInput,
  renameInput,
  searchFilesInput,
  storagePathInput,
  ticketInput,
  transferInput,
  writeTextInput,
} from './storage.schema.ts'
import { readText, writeText } from './stored-text.ts'
import { createUploads } from './stored-uploads.ts'
import type { Uploads } from './stored-uploads.ts'
import type { ProjectFolder, StoredFiles } from './stored-files.port.ts'

type At = z.output<typeof storagePathInput>
type Transfer = z.output<typeof transferInput>

/**
 * Files of a project for operators; the rules of paths, quota and whole writes are in @m3m/data, which services
 * use too. All throw what `storageErrors` there has.
 */
export interface StorageService extends Uploads {
  list(input: At): Promise<StoredFolder>
  stat(input: At): Promise<StoredFacts>
  /** By name, in the folder and all below; at most 200. */
  search(input: z.output<typeof searchFilesInput>): Promise<FoundFiles>
  /** What a removal, a copy or a download would be about. */
  measure(input: z.output<typeof measureInput>): Promise<MeasuredFiles>
  /** Parents too; an existing folder is fine. */
  mkdir(actor: SignedIn, input: At): Promise<void>
  rename(actor: SignedIn, input: z.output<typeof renameInput>): Promise<void>
  /** Links of what is moved end. */
  move(actor: SignedIn, input: Transfer): Promise<void>
  copy(actor: SignedIn, input: Transfer): Promise<void>
  /** With all below; what is not there is fine. Links end. */
  remove(actor: SignedIn, input: z.output<typeof removeFilesInput>): Promise<void>
  /** @throws STORAGE_NOT_TEXT */
  readText(input: At): Promise<StoredText>
  /** @throws STORAGE_CHANGED when `etag` is no longer that of the file */
  writeText(actor: SignedIn, input: z.output<typeof writeTextInput>): Promise<{ etag: string }>
  /** A public address of a file, below the panel's own. @throws STORAGE_TOO_MANY_LINKS */
  link(actor: SignedIn, input: z.output<typeof linkInput>): Promise<{ url: string; link: StorageLink }>
  readonly links: Pick<LinksService, 'list' | 'revoke' | 'open'>
  /** Where a zip of these can be fetched once within 5 minutes. @throws STORAGE_ARCHIVE_TOO_MANY */
  archive(actor: SignedIn, input: z.output<typeof archiveInput>): Promise<{ url: string }>
  /** What was ordered; `null` when there is no such order any more. */
  archiveOrder(projectId: string, orderId: string): ArchiveOrder | null
  /** Addresses for `<img>` and downloads, good for 5 minutes and this sign-in. */
  ticket(actor: SignedIn, input: z.output<typeof ticketInput>): { urls: string[] }
}

export interface StorageDeps {
  files: StoredFiles
  /** Most bytes of all files of a project; `null` is no limit. */
  quotaOf(projectId: string): Promise<number | null>
  links: LinksService
  tickets: FileTickets
  audit: AuditService
  clock: Clock
}

export function createStorage(deps: StorageDeps): StorageService {
  const { files, links, tickets } = deps
  const orders = createArchiveOrders(deps.clock)
  return {
    links,
    async list({ projectId, path }) {
      const folder = files.of(projectId)
      const entries = await folder.list(path)
      const [usedBytes, quotaBytes] = await Promise.all([folder.usedBytes(), deps.quotaOf(projectId)])
      return { path: storagePath(path), entries, usedBytes, quotaBytes, uploadBytes: files.uploadBytes }
    },
    readText: ({ projectId, path }) => readText(files.of(projectId), path),
    async link(actor, { projectId, path, expiresInMs }) {
      const file = await files.of(projectId).stat(path)
      if (!file) throw storageErrors.STORAGE_NOT_FOUND({ path })
      if (file.kind !== 'file') throw storageErrors.STORAGE_KIND({ path, wanted: 'file' })
      return links.add(actor, { projectId, path: file.path, name: file.name }, expiresInMs)
    },
    ticket({ userId, sessionId }, { projectId, paths }) {
      return { urls: paths.map((path) => tickets.sign(addressOf(projectId, path), { userId, sessionId })) }
    },
    ...createLooks(deps),
    ...createArchives(deps, orders),
    ...createUploads(deps),
    ...createContentWrites(deps),
    ...createTreeWrites(deps),
  }
}

const MAX_FOUND = 200
const MAX_ARCHIVED = 50_000

function createLooks({ files }: StorageDeps): Pick<StorageService, 'stat' | 'search' | 'measure'> {
  return {
    async stat({ projectId, path }) {
      const folder = files.of(projectId)
      const entry = await folder.stat(path)
      if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path })
      return { ...entry, mimeType: entry.kind === 'file' ? await folder.mimeType(path) : null }
    },
    search: ({ projectId, path, query }) => files.of(projectId).find(path, nameTest(query), MAX_FOUND),
    measure: ({ projectId, paths }) => measured(files.of(projectId), paths),
  }
}

function nameTest(query: string): (name: string) => boolean {
  const wanted = query.normalize('NFC').toLowerCase()
  if (/[*?]/.test(wanted)) {
    const fits = compileGlob(wanted.replaceAll('/', ''))
    return (name) => fits(name.toLowerCase())
  }
  return (name) => name.toLowerCase().includes(wanted)
}

async function measured(folder: ProjectFolder, paths: readonly string[]): Promise<MeasuredFiles> {
  const total: MeasuredFiles = { files: 0, folders: 0, sizeBytes: 0, isCut: false }
  for (const path of paths) {
    const found = await folder.stat(path)
    if (!found) continue
    const below = await folder.measure(path)
    total.files += below.files
    total.folders += below.folders + (found.kind === 'folder' ? 1 : 0)
    total.sizeBytes += below.sizeBytes
    total.isCut ||= below.isCut
  }
  return total
}

function createArchives(
  { files, tickets }: StorageDeps,
  orders: ArchiveOrders,
): Pick<StorageService, 'archive' | 'archiveOrder'> {
  return {
    async archive({ userId, sessionId }, { projectId, paths }) {
      const folder = files.of(projectId)
      for (const path of paths) {
        if (!(await folder.stat(path))) throw storageErrors.STORAGE_NOT_FOUND({ path })
      }
      const { files: count, folders, isCut } = await measured(folder, paths)
      if (isCut || count + folders > MAX_ARCHIVED)
        throw storageErrors.STORAGE_ARCHIVE_TOO_MANY({ max: MAX_ARCHIVED })
      const id = orders.add(projectId, paths.map(storagePath))
      return { url: tickets.sign(`/files/zip/${projectId}/${id}`, { userId, sessionId }) }
    },
    archiveOrder: orders.find,
  }
}

function createContentWrites({ files, audit }: StorageDeps): Pick<StorageService, 'writeText'> {
  const inTurn = createTurns()
  return {
    writeText: (actor, input) =>
      // Look and write are one step: of two editors that save at once, the second is told.
      inTurn(`${input.projectId}/${storagePath(input.path)}`, async () => {
        const { projectId, path } = input
        const saved = await writeText(files.of(projectId), input)
        await audit.add(actor, { action: 'storage.writeText', projectId, target: path })
        return saved
      }),
  }
}

function createTreeWrites({
  files,
  links,
  audit,
}: StorageDeps): Pick<StorageService, 'mkdir' | 'rename' | 'move' | 'copy' | 'remove'> {
  async function move(actor: SignedIn, { projectId, path, to, overwrite = false }: Transfer): Promise<void> {
    await files.of(projectId).move(path, to, { overwrite })
    await links.revokeBelow(projectId, storagePath(path))
    await audit.add(actor, { action: 'storage.move', projectId, target: path, after: { to } })
  }
  return {
    move,
    rename(actor, { projectId, path, name }) {
      const from = storagePath(path)
      return move(actor, { projectId, path: from, to: from.slice(0, from.lastIndexOf('/') + 1) + name })
    },
    async mkdir(actor, { projectId, path }) {
      await files.of(projectId).mkdir(path)
      await audit.add(actor, { action: 'storage.mkdir', projectId, target: path })
    },
    async copy(actor, { projectId, path, to, overwrite = false }) {
      await files.of(projectId).copy(path, to, { overwrite })
      await audit.add(actor, { action: 'storage.copy', projectId, target: path, after: { to } })
    },
    async remove(actor, { projectId, paths }) {
      // All are looked at first: one bad path removes nothing.
      for (const path of paths.map(storagePath)) {
        if (path === '') throw storageErrors.STORAGE_PATH({ path, problem: 'the root cannot be removed' })
      }
      for (const path of paths.map(storagePath)) {
        await files.of(projectId).remove(path)
        await links.revokeBelow(projectId, path)
        await audit.add(actor, { action: 'storage.remove', projectId, target: path })
      }
    },
  }
}

function addressOf(projectId: string, path: string): string {
  const names = storagePath(path).split('/').map(encodeURIComponent)
  return `/files/storage/${projectId}/${names.join('/')}`
}

/** Work of one key waits for what came before it. */
function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, turn)
    try {
      return await turn
    } finally {
      if (last.get(key) === turn) last.delete(key)
    }
  }
}
