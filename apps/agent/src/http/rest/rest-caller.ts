import type { Clock } from '@m3m/base'
import type { ApiKeyScope, Core } from '@m3m/core'
import { restErrors } from './rest.errors.ts'

/** A program that may do what it asks. */
export interface RestCaller {
  keyId: string
  projectId: string
}

export interface RestDoor {
  /** @throws REST_NO_KEY, REST_TOO_MANY, REST_SCOPE */
  key(token: string | null, scope: ApiKeyScope): Promise<RestCaller>
  /** As {@link RestDoor.key}, for a project in the path. @throws REST_NO_PROJECT also for a key of another project */
  project(token: string | null, slug: string, scope: ApiKeyScope): Promise<RestCaller>
}

/** Sustained requests a second of one key, and how many may come at once after a quiet time. */
const PER_SECOND = 100
const BURST = 200
/** Keys remembered; the oldest is forgotten first, which only gives it its burst back. */
const MAX_BUCKETS = 10_000

interface Bucket {
  tokens: number
  atMs: number
}

/** Checks keys, scopes and rates for programs. The rules of records are not here but in @m3m/data. */
export function createRestDoor({ services }: Core, clock: Clock): RestDoor {
  const buckets = new Map<string, Bucket>()

  function spend(keyId: string): void {
    const now = clock.now()
    const bucket = buckets.get(keyId) ?? { tokens: BURST, atMs: now }
    bucket.tokens = Math.min(BURST, bucket.tokens + ((now - bucket.atMs) / 1000) * PER_SECOND)
    bucket.atMs = now
    buckets.set(keyId, bucket)
    if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value!)
    if (bucket.tokens < 1) throw restErrors.REST_TOO_MANY({ perSecond: PER_SECOND })
    bucket.tokens -= 1
  }

  async function key(token: string | null, scope: ApiKeyScope): Promise<RestCaller> {
    const holder = token === null ? null : await services.apiKeys.authenticate(token)
    if (!holder) throw restErrors.REST_NO_KEY({})
    spend(holder.keyId)
    if (!holder.scopes.includes(scope)) throw restErrors.REST_SCOPE({ scope })
    return { keyId: holder.keyId, projectId: holder.projectId }
  }

  return {
    key,
    async project(token, slug, scope) {
      const caller = await key(token, scope)
      const project = await services.projects.findBySlug(slug)
      if (project?.id !== caller.projectId) throw restErrors.REST_NO_PROJECT({ slug })
      return caller
    },
  }
}
