import type { HostContext, HostModule } from '../../module/define-module.ts'
import { logAttempt } from '../../module/log-attempt.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import { MAX_JOB_MS, QUEUE_JOB, type DefinedQueue } from './queue.contract.ts'

/** A job under way at a disarm may go on so long; then another run takes it up. */
const GRACE_MS = 8_000

/** Durable jobs, by the rules of packages/data. Served while the run is active. */
export function createQueueHost({ queue, project, enter, logger, log }: HostContext): HostModule {
  const defined = new Map<string, DefinedQueue>()
  let working: { stop: AbortController; done: Promise<void> } | undefined
  let armed = false

  const handlerOf = ({ name, concurrency, retries, backoffMs, timeoutMs }: DefinedQueue) => ({
    concurrency,
    retries,
    backoffMs,
    async handle({ id, payload, attempt }: { id: string; payload: unknown; attempt: number }) {
      try {
        return await enter(QUEUE_JOB, [name, payload, { id, name, attempt }], { timeoutMs })
      } catch (error) {
        const what = `Job ${id} of the queue "${name}"`
        const then = 'it is among the dead letters'
        logAttempt(log, { what, attempt, attempts: retries + 1, then, error })
        throw error
      }
    },
  })
  const begin = (): void => {
    if (!armed || defined.size === 0) return
    const stop = new AbortController()
    const handlers = Object.fromEntries([...defined.values()].map((each) => [each.name, handlerOf(each)]))
    const done = queue
      .work({ projectId: project.id, handlers, signal: stop.signal, graceMs: GRACE_MS })
      .catch((error: unknown) =>
        logger.error('the queues of a service are not served', { error: String(error) }),
      )
    working = { stop, done }
  }
  const end = async (): Promise<void> => {
    const before = working
    working = undefined
    before?.stop.abort()
    await before?.done
  }
  return {
    calls: {
      push: ([name, payload, options]) => {
        const given = isPlainObject(options) ? options : {}
        return queue.push(project.id, name as string, payload, {
          ...(given['delayMs'] !== undefined && { delayMs: given['delayMs'] as number }),
          ...(given['key'] !== undefined && { key: given['key'] as string }),
        })
      },
      async define([value]) {
        const checked = checkQueue(value)
        if (!checked) return
        defined.set(checked.name, checked)
        // Defined while jobs run already: the worker begins anew with all of them.
        if (!armed) return
        await end()
        begin()
      },
    },
    arm() {
      armed = true
      begin()
    },
    async disarm() {
      armed = false
      await end()
    },
    [Symbol.asyncDispose]: end,
  }
}

/** The sandbox half has checked it; the guest shares its realm, so bounds hold here once more. */
function checkQueue(value: unknown): DefinedQueue | null {
  if (!isPlainObject(value) || typeof value['name'] !== 'string') return null
  const number = (name: string, low: number, high: number): number =>
    Math.min(high, Math.max(low, Math.trunc(Number(value[name])) || low))
  return {
    name: value['name'],
    concurrency: number('concurrency', 1, 50),
    retries: number('retries', 0, 100),
    backoffMs: number('backoffMs', 1, 3_600_000),
    timeoutMs: number('timeoutMs', 1_000, MAX_JOB_MS),
  }
}
