import { parseDuration } from '../../sandbox/duration.ts'
import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { unknownName } from '../../sandbox/unknown-name.ts'
import { rethrow } from '../../sandbox/lanes.ts'
import { DEFAULT_JOB_MS, MAX_JOB_MS, QUEUE_JOB, queueTexts, type DefinedQueue } from './queue.contract.ts'

type Handler = (payload: unknown, job: unknown) => unknown

const handlers = new Map<string, Handler>()
let connected = false

export const room: SandboxRoom = (lane, kernel) => {
  if (!connected) kernel.on(QUEUE_JOB, (name, payload, job) => handlers.get(String(name))?.(payload, job))
  connected = true
  return {
    define(name: unknown, handler: unknown, options?: unknown): void {
      if (typeof handler !== 'function') {
        throw kernel.error('QUEUE_HANDLER_INVALID', queueTexts.QUEUE_HANDLER_INVALID({ name: String(name) }))
      }
      const defined = definedOf(kernel, String(name), (options ?? {}) as Record<string, unknown>)
      handlers.set(defined.name, handler as Handler)
      kernel.tell('queue.define', [defined])
    },
    push(name: unknown, payload?: unknown, options?: unknown) {
      const { delay, key } = (options ?? {}) as { delay?: unknown; key?: unknown }
      return lane.recover(() => {
        const delayMs = delay === undefined ? undefined : duration(kernel, 'delay', delay)
        const given = payload === undefined ? null : payload
        return lane.call('queue.push', [String(name), given, { delayMs, key }])
      }, rethrow)
    },
  }
}

const SETTINGS = ['concurrency', 'retries', 'backoff', 'timeout']

function definedOf(kernel: Kernel, name: string, options: Record<string, unknown>): DefinedQueue {
  const unknown = unknownName(options, SETTINGS)
  if (unknown !== undefined) throw invalid(kernel, unknown, `one of ${SETTINGS.join(', ')}`)
  const { concurrency = 1, retries = 0, backoff = 1_000, timeout = DEFAULT_JOB_MS } = options
  const whole = (option: string, value: unknown, low: number, high: number): number => {
    if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high)
      return value as number
    throw invalid(kernel, option, `a whole number from ${low} to ${high}`)
  }
  return {
    name,
    concurrency: whole('concurrency', concurrency, 1, 50),
    retries: whole('retries', retries, 0, 100),
    backoffMs: duration(kernel, 'backoff', backoff),
    timeoutMs: Math.min(MAX_JOB_MS, duration(kernel, 'timeout', timeout)),
  }
}

function duration(kernel: Kernel, option: string, value: unknown): number {
  const ms = value instanceof Date ? Math.max(0, value.getTime() - Date.now()) : parseDuration(value)
  if (ms !== null) return ms
  throw invalid(kernel, option, "milliseconds or a text such as '5s'")
}

function invalid(kernel: Kernel, option: string, expected: string): Error {
  return kernel.error('QUEUE_SETTING_INVALID', queueTexts.QUEUE_SETTING_INVALID({ option, expected }))
}
