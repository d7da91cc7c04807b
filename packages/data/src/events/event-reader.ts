import type { Clock } from '@m3m/base'
import { isDuplicateKey } from '../mongo-errors.ts'
import { type EventReaderDeps, followEvents } from './event-loop.ts'
import type { ConsumeOptions, RecordEvent, RecordEvents, Tries } from './record-events.ts'

/** Tries of one event before it is passed over. */
const MAX_TRIES = 10
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 30_000

type Handler = (event: RecordEvent, tries: Tries) => unknown

export function createEventReader(deps: EventReaderDeps): RecordEvents {
  const { repo, logger } = deps

  async function position(options: ConsumeOptions): Promise<number> {
    const { projectId, consumer } = options
    const _id = `${projectId}:${consumer}`
    const known = await repo.consumers.findOne({ _id })
    if (known) return known.seq
    const seq = await repo.head(projectId)
    try {
      await repo.consumers.insertOne({ _id, projectId, seq, at: new Date(deps.clock.now()) })
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
    }
    return seq
  }

  async function patiently(event: RecordEvent, handler: Handler, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        await handler(event, { attempt, attempts: MAX_TRIES })
        return
      } catch (error) {
        if (attempt >= MAX_TRIES) {
          logger.error('a record event is passed over, its handler failed every time', {
            event: event.id,
            attempt,
            error,
          })
          return
        }
        await pause(deps.clock, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)), signal)
      }
    }
  }

  return {
    async consume(options, handler) {
      const { projectId, consumer, signal } = options
      await followEvents(deps, {
        projectId,
        models: options.models && new Set(options.models),
        signal,
        from: await position(options),
        handle: (event) => patiently(event, handler, signal),
        async passed(seq) {
          const at = new Date(deps.clock.now())
          await repo.consumers.updateOne({ _id: `${projectId}:${consumer}` }, { $set: { seq, at } })
        },
      })
    },
    async follow({ projectId, models, afterSeq, signal }, handler) {
      await followEvents(deps, {
        projectId,
        models: models && new Set(models),
        signal,
        from: afterSeq ?? (await repo.head(projectId)),
        handle: async (event) => void (await handler(event)),
        passed: () => Promise.resolve(),
      })
    },
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = clock.after(ms, resolve)
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        resolve()
      },
      { once: true },
    )
  })
}
