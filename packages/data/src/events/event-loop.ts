import type { Clock, Logger } from '@m3m/base'
import type { Collections } from '../collections.ts'
import type { Outbox } from './outbox.ts'
import type { EventDocument, OutboxRepo } from './outbox.repo.ts'
import type { RecordEvent } from './record-events.ts'
import { settleEvents } from './settle-events.ts'

/** How often a reader looks for what other processes wrote: soon after an event, rarely in quiet. What this process writes wakes it at once. */
const FIRST_POLL_MS = 50
const LAST_POLL_MS = 800
const PENDING_POLL_MS = 20
/** A pending event this old belongs to a writer that is gone, or so slow that it will tell it again (events/outbox.ts). */
const STALE_MS = 5000
const BATCH = 100

export interface EventReaderDeps {
  repo: OutboxRepo
  outbox: Outbox
  collections: Collections
  clock: Clock
  logger: Logger
}

export interface Follow {
  projectId: string
  models: ReadonlySet<string> | undefined
  signal: AbortSignal
  from: number
  /** Handles one event; called in order, awaited. */
  handle: (event: RecordEvent) => Promise<void>
  /** All up to `seq` is done. */
  passed: (seq: number) => Promise<void>
}

/** Reads the log of a project in order until the signal aborts. A pending event holds up those after it. */
export async function followEvents(deps: EventReaderDeps, follow: Follow): Promise<void> {
  using nudge = createNudge(deps, follow)
  let seq = follow.from
  let pollMs = FIRST_POLL_MS
  while (!follow.signal.aborted) {
    const batch = await deps.repo.after(follow.projectId, seq, BATCH)
    let pending: EventDocument | undefined
    for (const event of batch) {
      if (follow.signal.aborted) return
      if (event.pending !== undefined) {
        pending = event
        break
      }
      await step(event, follow)
      seq = event.seq
    }
    if (pending) await settleStale(deps, pending)
    if (pending) await nudge.wait(PENDING_POLL_MS)
    else if (batch.length < BATCH) {
      pollMs = batch.length > 0 ? FIRST_POLL_MS : Math.min(LAST_POLL_MS, pollMs * 2)
      await nudge.wait(pollMs)
    }
  }
}

async function settleStale(deps: EventReaderDeps, event: EventDocument): Promise<void> {
  if (deps.clock.now() - event.at.getTime() > STALE_MS)
    await settleEvents(deps.repo, deps.collections, [event])
}

async function step(event: EventDocument, follow: Follow): Promise<void> {
  const wanted = !event.void && (follow.models === undefined || follow.models.has(event.model))
  if (wanted) await follow.handle(outward(event))
  if (!follow.signal.aborted) await follow.passed(event.seq)
}

function outward({
  _id,
  at,
  pending: _pending,
  void: _void,
  revisionOf: _revision,
  ...rest
}: EventDocument): RecordEvent {
  return { id: _id.toHexString(), at: at.toISOString(), ...rest }
}

/** Wakes a reader when this process confirmed an event of its project, when time is up, or when it ends. */
function createNudge({ outbox, clock }: EventReaderDeps, { projectId, signal }: Follow) {
  let wake = () => {}
  let pending = false
  const nudged = () => {
    pending = true
    wake()
  }
  const off = outbox.onConfirmed((changed) => {
    if (changed === projectId) nudged()
  })
  signal.addEventListener('abort', nudged)
  return {
    async wait(ms: number): Promise<void> {
      if (!pending && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(ms, resolve)
          wake = () => {
            cancel()
            resolve()
          }
        })
      }
      pending = false
      wake = () => {}
    },
    [Symbol.dispose]() {
      off()
      signal.removeEventListener('abort', nudged)
    },
  }
}
