import type { Clock } from '@m3m/base'
import { newId } from '@m3m/base'
import type { z } from 'zod'
import { randomHex, sha256Hex } from '../../secrets.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { UsersService } from '../users/users.service.ts'
import type { ApiKeyDoc, ApiKeysRepo } from './api-keys.repo.ts'
import type { ApiKeyScope, ApiKeyView, NewApiKey, createApiKeyInput } from './api-keys.schema.ts'
import { projectErrors } from './projects.errors.ts'

/** A program that showed a good key. */
export interface ApiKeyHolder {
  keyId: string
  projectId: string
  name: string
  scopes: ApiKeyScope[]
  /** Models whose records it may use, by id or slug; `null`: all. */
  models: string[] | null
  /** Aborts when the key is revoked, gets a new secret, expires or goes with its project. */
  ended: AbortSignal
}

/** Keys by which programs use one project. Only hashes are kept. */
export interface ApiKeysService {
  list(projectId: string): Promise<ApiKeyView[]>
  /** @throws PROJECT_TOO_MANY_API_KEYS */
  create(actor: SignedIn, input: z.output<typeof createApiKeyInput>): Promise<NewApiKey>
  /** A new secret for the same key; the old one is dead at once. @throws PROJECT_NO_API_KEY */
  regenerate(actor: SignedIn, projectId: string, keyId: string): Promise<NewApiKey>
  /** @throws PROJECT_NO_API_KEY */
  revoke(actor: SignedIn, projectId: string, keyId: string): Promise<void>
  /** `null` for an unknown, revoked or expired key. */
  authenticate(token: string): Promise<ApiKeyHolder | null>
  /** All keys of a project that is being removed. */
  removeProject(projectId: string): Promise<void>
}

export interface ApiKeysDeps {
  repo: ApiKeysRepo
  users: Pick<UsersService, 'names'>
  audit: AuditService
  clock: Clock
}

const MAX_KEYS = 50
/** `lastUsedAt` is for people: once a minute is exact enough, and a busy program costs no writes. */
const TOUCH_EVERY_MS = 60_000
const KEY = /^m3m_[0-9a-f]{48}$/
/** The longest time a timer can be set to: 2^31 − 1 ms, 24.8 days (Node.js, timers). */
const MAX_TIMER_MS = 2_147_483_647

export function createApiKeys({ repo, users, audit, clock }: ApiKeysDeps): ApiKeysService {
  const ends = createKeyEnds(clock)

  async function newSecret() {
    const token = `m3m_${randomHex(24)}`
    return { token, hash: await sha256Hex(token), hint: token.slice(0, 10) }
  }

  async function view(doc: ApiKeyDoc): Promise<ApiKeyView> {
    return toView(doc, await users.names([doc.createdBy]))
  }

  return {
    async list(projectId) {
      const docs = await repo.list(projectId)
      const names = await users.names(docs.map(({ createdBy }) => createdBy))
      return docs.map((doc) => toView(doc, names))
    },
    async create(actor, { projectId, name, scopes, models = null, expiresAt }) {
      if ((await repo.list(projectId)).length >= MAX_KEYS) {
        throw projectErrors.PROJECT_TOO_MANY_API_KEYS({ max: MAX_KEYS })
      }
      const { token, hash, hint } = await newSecret()
      const now = clock.now()
      const doc: ApiKeyDoc = {
        _id: newId(now),
        projectId,
        name,
        hint,
        hash,
        scopes,
        models,
        createdAt: new Date(now),
        createdBy: actor.userId,
        expiresAt: expiresAt ? new Date(expiresAt) : null,
        lastUsedAt: null,
      }
      await repo.add(doc)
      await audit.add(actor, { action: 'apiKeys.create', projectId, target: name, after: { scopes, models } })
      return { key: await view(doc), token }
    },
    async regenerate(actor, projectId, keyId) {
      const { token, hash, hint } = await newSecret()
      const doc = await repo.replaceSecret(projectId, keyId, { hash, hint })
      if (!doc) throw projectErrors.PROJECT_NO_API_KEY({ keyId })
      ends.end(keyId)
      await audit.add(actor, { action: 'apiKeys.regenerate', projectId, target: doc.name })
      return { key: await view(doc), token }
    },
    async revoke(actor, projectId, keyId) {
      const doc = await repo.remove(projectId, keyId)
      if (!doc) throw projectErrors.PROJECT_NO_API_KEY({ keyId })
      ends.end(keyId)
      await audit.add(actor, { action: 'apiKeys.revoke', projectId, target: doc.name })
    },
    async authenticate(token) {
      const doc = KEY.test(token) ? await repo.byHash(await sha256Hex(token)) : null
      const now = clock.now()
      if (!doc || (doc.expiresAt && doc.expiresAt.getTime() <= now)) return null
      const ended = ends.of(doc)
      if (now - (doc.lastUsedAt?.getTime() ?? 0) >= TOUCH_EVERY_MS) await repo.touch(doc._id, new Date(now))
      const { _id: keyId, projectId, name, scopes, models = null } = doc
      return { keyId, projectId, name, scopes, models, ended }
    },
    async removeProject(projectId) {
      const docs = await repo.list(projectId)
      await repo.removeProject(projectId)
      for (const { _id } of docs) ends.end(_id)
    },
  }
}

/** Ends of keys: whoever streams by a key listens, so that a dead one does not go on reading for days. */
function createKeyEnds(clock: Clock) {
  const controllers = new Map<string, AbortController>()
  function end(keyId: string): void {
    controllers.get(keyId)?.abort()
    controllers.delete(keyId)
  }
  /** One timer for a key that is in use, however many requests it makes. */
  function endAt(keyId: string, expiresAt: Date, controller: AbortController): void {
    const leftMs = expiresAt.getTime() - clock.now()
    const timer = setTimeout(
      () => (leftMs > MAX_TIMER_MS ? endAt(keyId, expiresAt, controller) : end(keyId)),
      Math.min(leftMs, MAX_TIMER_MS),
    ).unref()
    controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  }
  return {
    end,
    of({ _id: keyId, expiresAt }: ApiKeyDoc): AbortSignal {
      const known = controllers.get(keyId)
      if (known) return known.signal
      const controller = new AbortController()
      controllers.set(keyId, controller)
      if (expiresAt) endAt(keyId, expiresAt, controller)
      return controller.signal
    },
  }
}

function toView(doc: ApiKeyDoc, names: Map<string, { id: string; name: string }>): ApiKeyView {
  return {
    id: doc._id,
    name: doc.name,
    hint: doc.hint,
    scopes: doc.scopes,
    models: doc.models ?? null,
    createdAt: doc.createdAt.toISOString(),
    createdBy: (doc.createdBy && names.get(doc.createdBy)) || null,
    expiresAt: doc.expiresAt?.toISOString() ?? null,
    lastUsedAt: doc.lastUsedAt?.toISOString() ?? null,
  }
}
