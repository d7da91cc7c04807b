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

/** Sustained requests of one key where its project says nothing, and how many may come at once after a quiet time. */
const PER_MINUTE = 6_000
const BURST = 200
/** Keys remembered; the oldest is forgotten first, which only gives it its burst back. */
const MAX_BUCKETS = 10_000

interface Bucket {
  tokens: number
  atMs: number
}

const waits = new WeakMap<object, number>()

/** Seconds after which the refused request may be sent again; `undefined` for any other error. */
export const retryAfterOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null ? waits.get(error) : undefined

function tooMany(perMinute: number, seconds: number) {
  const error = restErrors.REST_TOO_MANY({ perMinute, seconds })
  waits.set(error, seconds)
  return error
}

/** Checks keys, scopes and rates for programs. The rules of records are not here but in @m3m/data. */
export function createRestDoor({ services }: Core, clock: Clock): RestDoor {
  const buckets = new Map<string, Bucket>()

  /** @param perMinute `api.ratePerMinute` of the project. */
  function spend(keyId: string, perMinute: number | null): void {
    const now = clock.now()
    const rate = perMinute ?? PER_MINUTE
    // A rate that a person set is meant to hold in every minute: what may come at once is a minute's worth at most.
    const burst = Math.min(BURST, rate)
    const bucket = buckets.get(keyId) ?? { tokens: burst, atMs: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 60_000) * rate)
    bucket.atMs = now
    buckets.set(keyId, bucket)
    if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value!)
    if (bucket.tokens < 1) throw tooMany(rate, Math.ceil(((1 - bucket.tokens) * 60) / rate))
    bucket.tokens -= 1
  }

  async function key(token: string | null, scope: ApiKeyScope): Promise<RestCaller> {
    const holder = token === null ? null : await services.apiKeys.authenticate(token)
    if (!holder) throw restErrors.REST_NO_KEY({})
    const project = await services.projects.find(holder.projectId)
    spend(holder.keyId, project?.settings.api.ratePerMinute ?? null)
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
