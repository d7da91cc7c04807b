import type { Clock } from '@m3m/base'
import type { ApiKeyScope, Core } from '@m3m/core'
import { restErrors } from './rest.errors.ts'

/** A program that may do what it asks. */
export interface RestCaller {
  keyId: string
  /** Of the key, as people named it. */
  name: string
  projectId: string
  /** Models whose records the key is for, by id or slug; `null`: all. */
  models: readonly string[] | null
  rate: Rate
  /** Aborts when the key is revoked, gets a new secret or expires: what streams by it ends then. */
  ended: AbortSignal
}

/** How much of its rate a key has left: draft-ietf-httpapi-ratelimit-headers-07, in its three fields. */
export interface Rate {
  /** Requests a minute. */
  limit: number
  remaining: number
  /** Seconds until all that may come at once may come again. */
  resetS: number
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

const refusedRates = new WeakMap<object, Rate & { retryAfterS: number }>()

/** What a refused request is told: when to come again, and how much it may. `undefined` for any other error. */
export const refusedRateOf = (error: unknown): (Rate & { retryAfterS: number }) | undefined =>
  typeof error === 'object' && error !== null ? refusedRates.get(error) : undefined

export function rateHeaders({ limit, remaining, resetS }: Rate): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetS),
  }
}

function tooMany(rate: Rate, retryAfterS: number) {
  const error = restErrors.REST_TOO_MANY({ perMinute: rate.limit, seconds: retryAfterS })
  refusedRates.set(error, { ...rate, retryAfterS })
  return error
}

/** Checks keys, scopes and rates for programs. The rules of records are not here but in @m3m/data. */
export function createRestDoor({ services }: Core, clock: Clock): RestDoor {
  const buckets = new Map<string, Bucket>()

  /** @param perMinute `api.ratePerMinute` of the project. @throws REST_TOO_MANY */
  function spend(keyId: string, perMinute: number | null): Rate {
    const now = clock.now()
    const limit = perMinute ?? PER_MINUTE
    // A rate that a person set is meant to hold in every minute: what may come at once is a minute's worth at most.
    const burst = Math.min(BURST, limit)
    const bucket = buckets.get(keyId) ?? { tokens: burst, atMs: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 60_000) * limit)
    bucket.atMs = now
    buckets.set(keyId, bucket)
    if (buckets.size > MAX_BUCKETS) buckets.delete(buckets.keys().next().value!)
    const secondsTo = (tokens: number) => Math.ceil((Math.max(0, tokens - bucket.tokens) * 60) / limit)
    if (bucket.tokens < 1) throw tooMany({ limit, remaining: 0, resetS: secondsTo(burst) }, secondsTo(1))
    bucket.tokens -= 1
    return { limit, remaining: Math.floor(bucket.tokens), resetS: secondsTo(burst) }
  }

  async function key(token: string | null, scope: ApiKeyScope): Promise<RestCaller> {
    const holder = token === null ? null : await services.apiKeys.authenticate(token)
    if (!holder) throw restErrors.REST_NO_KEY({})
    const { keyId, name, projectId, scopes, models, ended } = holder
    const project = await services.projects.find(projectId)
    const rate = spend(keyId, project?.settings.api.ratePerMinute ?? null)
    if (!scopes.includes(scope)) throw restErrors.REST_SCOPE({ scope })
    return { keyId, name, projectId, models, rate, ended }
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
