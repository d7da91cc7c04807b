import type { z } from 'zod'
import { storageErrors, storagePath } from '@m3m/data'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { FileTickets } from './file-tickets.port.ts'
import type { LinksService } from './links.service.ts'
import type {
  StorageLink,
  StoredFolder,
  StoredText,
  linkInput,
  removeFilesInput,
  renameInput,
  storagePathInput,
  ticketInput,
  transferInput,
  writeTextInput,
} from './storage.schema.ts'
import { readText, writeText } from './stored-text.ts'
import type { StoredFiles } from './stored-files.port.ts'

type At = z.output<typeof storagePathInput>
type Transfer = z.output<typeof transferInput>

/**
 * Files of a project for operators; the rules of paths, quota and whole writes are in @m3m/data, which services
 * use too. All throw what `storageErrors` there has.
 */
export interface StorageService {
  list(input: At): Promise<StoredFolder>
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
  /** Whole or not at all. How many bytes. @throws STORAGE_TOO_LARGE beyond `uploadBytes` */
  upload(actor: SignedIn, input: At & { overwrite: boolean }, content: AsyncIterable<Uint8Array>): Promise<number>
  /** A public address of a file, below the panel's own. @throws STORAGE_TOO_MANY_LINKS */
  link(actor: SignedIn, input: z.output<typeof linkInput>): Promise<{ url: string; link: StorageLink }>
  readonly links: Pick<LinksService, 'list' | 'revoke' | 'open'>
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
}

export function createStorage(deps: StorageDeps): StorageService {
  const { files, links, tickets } = deps
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
    ...createContentWrites(deps),
    ...createTreeWrites(deps),
  }
}

function createContentWrites({ files, audit }: StorageDeps): Pick<StorageService, 'writeText' | 'upload'> {
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
    async upload(actor, { projectId, path, overwrite }, content) {
      const limits = { overwrite, maxBytes: files.uploadBytes }
      const sizeBytes = await files.of(projectId).write(path, content, limits)
      await audit.add(actor, { action: 'storage.upload', projectId, target: path, after: { sizeBytes } })
      return sizeBytes
    },
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
