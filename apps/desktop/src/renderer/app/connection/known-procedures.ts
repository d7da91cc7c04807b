import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable } from '@trpc/server/observable'

/** The code by which the panel speaks of it, also where an older agent words its refusal in another way. */
export const LACKS = 'API_NO_PROCEDURE'

/** What the agent of this page can be asked. Everything, until it said otherwise. */
export interface KnownProcedures {
  lacks(procedure: string): boolean
  /** The agent listed what it has (`agent.procedures`). */
  learn(all: readonly string[]): void
  /** The agent refused one as unknown. */
  learnMissing(procedure: string): void
  subscribe(listener: () => void): () => void
  /** Grows with everything learned. */
  version(): number
}

export function createKnownProcedures(): KnownProcedures {
  const listeners = new Set<() => void>()
  let has: ReadonlySet<string> | null = null
  let missing: ReadonlySet<string> = new Set()
  let version = 0

  const tell = () => {
    version += 1
    for (const listener of listeners) listener()
  }
  return {
    lacks: (procedure) => missing.has(procedure) || (has !== null && !has.has(procedure)),
    learn(all) {
      has = new Set(all)
      // It may have been updated since it refused something.
      missing = new Set()
      tell()
    },
    learnMissing(procedure) {
      if (missing.has(procedure)) return
      missing = new Set(missing).add(procedure)
      tell()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
  }
}

/**
 * The one place where a procedure that the agent does not have is met: it is not sent when that is known, and
 * whoever asked gets one code, {@link LACKS}.
 */
export function refusingUnknown<R extends AnyRouter>(known: KnownProcedures): TRPCLink<R> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        if (known.lacks(op.path)) {
          observer.error(lackOf(op.path))
          return
        }
        return next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error(error) {
            if (!isUnknown(error)) return observer.error(error)
            known.learnMissing(op.path)
            observer.error(lackOf(op.path))
          },
        })
      })
}

interface Refusal {
  message: string
  data?: { code?: string; app?: { code?: string } } | null | undefined
}

/** Agents before protocol 1's `API_NO_PROCEDURE` passed tRPC's own words on. */
function isUnknown({ message, data }: Refusal): boolean {
  if (data?.app?.code === LACKS) return true
  return data?.code === 'NOT_FOUND' && message.includes('No procedure found on path')
}

function lackOf(procedure: string) {
  const message = `This agent has no ${procedure}.`
  const app = { code: LACKS, blame: 'user' }
  // -32004: JSON-RPC's number for NOT_FOUND in tRPC's table.
  const error = { message, code: -32004, data: { code: 'NOT_FOUND', httpStatus: 404, path: procedure, app } }
  return TRPCClientError.from({ error } as never) as never
}
