import { newId } from '@m3m/base'
import type { Clock } from '@m3m/base'
import { randomHex, sha256Hex } from '../../secrets.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { UsersService } from '../users/users.service.ts'
import type { LinksRepo } from './links.repo.ts'
import { fileErrors } from './storage.errors.ts'
import type { StorageLink } from './storage.schema.ts'

/** Public addresses of files. Whoever has one needs no sign-in. */
export interface LinksService {
  /** The address below the panel's own. @throws STORAGE_TOO_MANY_LINKS */
  add(
    actor: SignedIn,
    file: { projectId: string; path: string; name: string },
    expiresInMs?: number,
  ): Promise<{ url: string; link: StorageLink }>
  /** Newest first; revoked ones are left out. */
  list(projectId: string): Promise<StorageLink[]>
  /** @throws STORAGE_NO_LINK */
  revoke(actor: SignedIn, projectId: string, linkId: string): Promise<void>
  /** Ends the links of what was removed or moved away: another file of that name must not become public. */
  revokeBelow(projectId: string, path: string): Promise<void>
  /** What a visitor's link names. @throws STORAGE_NO_LINK, STORAGE_LINK_ENDED */
  open(token: string): Promise<{ projectId: string; path: string }>
}

export interface LinksDeps {
  repo: LinksRepo
  users: Pick<UsersService, 'names'>
  audit: AuditService
  clock: Clock
}

const MAX_LINKS = 1_000
/** So long a visitor is told that a link has ended, rather than that there was none. */
const REMEMBER_ENDED_MS = 30 * 86_400_000
const TOKEN = /^[0-9a-f]{48}$/

export function createLinks({ repo, users, audit, clock }: LinksDeps): LinksService {
  async function list(projectId: string): Promise<StorageLink[]> {
    const docs = await repo.list(projectId)
    const names = await users.names(docs.map(({ createdBy }) => createdBy))
    return docs.map((doc) => ({
      id: doc._id,
      path: doc.path,
      createdAt: doc.createdAt.toISOString(),
      createdBy: (doc.createdBy && names.get(doc.createdBy)) || null,
      expiresAt: doc.expiresAt?.toISOString() ?? null,
      expired: hasExpired(doc),
    }))
  }
  const hasExpired = ({ expiresAt }: { expiresAt: Date | null }) =>
    expiresAt !== null && expiresAt.getTime() <= clock.now()

  return {
    list,
    async add(actor, { projectId, path, name }, expiresInMs) {
      const now = clock.now()
      await repo.forgetEnded(projectId, new Date(now - REMEMBER_ENDED_MS))
      if ((await repo.list(projectId)).length >= MAX_LINKS)
        throw fileErrors.STORAGE_TOO_MANY_LINKS({ max: MAX_LINKS })
      const token = randomHex(24)
      const expiresAt = expiresInMs === undefined ? null : new Date(now + expiresInMs)
      const doc = { _id: newId(now), projectId, path, createdAt: new Date(now), createdBy: actor.userId }
      await repo.add({ ...doc, hash: await sha256Hex(token), expiresAt, revokedAt: null })
      const after = { expiresAt: expiresAt?.toISOString() ?? null }
      await audit.add(actor, { action: 'storage.link', projectId, target: path, after })
      const link = (await list(projectId)).find(({ id }) => id === doc._id)!
      return { url: `/files/s/${token}/${encodeURIComponent(name)}`, link }
    },
    async revoke(actor, projectId, linkId) {
      const doc = await repo.revoke(projectId, linkId, new Date(clock.now()))
      if (!doc) throw fileErrors.STORAGE_NO_LINK({})
      await audit.add(actor, { action: 'storage.links.revoke', projectId, target: doc.path })
    },
    async revokeBelow(projectId, path) {
      const gone = (await repo.list(projectId)).filter(
        (doc) => doc.path === path || doc.path.startsWith(`${path}/`),
      )
      if (gone.length === 0) return
      const ids = gone.map(({ _id }) => _id)
      await repo.revokeIds(projectId, ids, new Date(clock.now()))
    },
    async open(token) {
      const doc = TOKEN.test(token) ? await repo.byHash(await sha256Hex(token)) : null
      if (!doc) throw fileErrors.STORAGE_NO_LINK({})
      if (doc.revokedAt !== null || hasExpired(doc)) throw fileErrors.STORAGE_LINK_ENDED({})
      return { projectId: doc.projectId, path: doc.path }
    },
  }
}
