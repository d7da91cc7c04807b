// Calls of the service to the host halves of modules: found, bounded by a deadline, settled always, carried as data.
import { AppError, messageOf, type Logger } from '@m3m/base'
import { databaseFault } from '@m3m/data/light'
import type { CallContext, HostCall } from '../module/define-module.ts'
import { limitOfCode, type NotedLimit } from '../limits/limit-notes.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import type { ErrorData } from '../sandbox/stacks.ts'
import { MAX_CALLS_IN_FLIGHT } from '../sandbox/wire.contract.ts'

export interface HostCallsOptions {
  /** Keyed `<module>.<member>`. */
  calls: ReadonlyMap<string, HostCall>
  /** Longest time of a call that belongs to no request. */
  longestMs: number
  enter(event: string, args: readonly unknown[]): Promise<unknown>
  /** A call was refused because the run passed a limit. */
  onLimit(limit: NotedLimit, text: string): void
  logger: Logger
}

/** A call as it came from the service. */
export interface CallOrder {
  name: string
  args: unknown
  /** Of the request it belongs to; 0 for none. */
  remainingMs: number
  blocking?: boolean
}

/** What a call came to: `value` is the answer, or the error as data. */
export interface Settled {
  ok: boolean
  value: unknown
}

/** Told once what a call came to. */
export type Settle = (settled: Settled) => void

/** Host calls of one run. */
export class HostCalls {
  readonly #options: HostCallsOptions
  readonly #running = new Set<RunningCall>()
  #timer: NodeJS.Timeout | undefined
  #timerAtMs = Infinity

  constructor(options: HostCallsOptions) {
    this.#options = options
  }

  /** Runs one call; `settle` is called once, at the latest at its deadline. `remainingMs` 0: no request bounds it. */
  run({ name, args, remainingMs, blocking = false }: CallOrder, settle: Settle): void {
    const call = this.#options.calls.get(name)
    if (!call || !Array.isArray(args))
      return settle(failed(runtimeErrors.SERVICE_CALL_UNKNOWN({ call: name })))
    if (this.#running.size >= MAX_CALLS_IN_FLIGHT + 1)
      return settle(
        failed(runtimeErrors.SERVICE_LIMIT_REACHED({ what: 'calls under way', limit: MAX_CALLS_IN_FLIGHT })),
      )
    const { longestMs, enter } = this.#options
    const limitMs = remainingMs > 0 ? Math.min(remainingMs, longestMs) : longestMs
    const running = new RunningCall({ name, limitMs, blocking, enter, settle })
    this.#running.add(running)
    this.#watch(running.untilMs)
    let answer: unknown
    try {
      answer = call(args, running)
    } catch (error) {
      return this.#end(running, this.#failure(name, error))
    }
    if (!isThenable(answer)) return this.#end(running, { ok: true, value: answer })
    Promise.resolve(answer).then(
      (value) => this.#end(running, { ok: true, value }),
      (error: unknown) => this.#end(running, this.#failure(name, error)),
    )
  }

  /** The run is over: whoever listens to a call's signal stops. */
  abort(): void {
    clearTimeout(this.#timer)
    for (const running of this.#running) running.abort()
  }

  #end(running: RunningCall, settled: Settled): void {
    // False for one whose deadline came first.
    if (this.#running.delete(running)) running.settle(settled)
  }

  /** One timer serves all calls: it stands at the earliest deadline known, and most calls end long before theirs. */
  #watch(untilMs: number): void {
    if (untilMs >= this.#timerAtMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = untilMs
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, Math.ceil(untilMs - performance.now())))
  }

  #expire(): void {
    this.#timerAtMs = Infinity
    const now = performance.now()
    let next = Infinity
    for (const running of this.#running) {
      if (running.untilMs > now) {
        next = Math.min(next, running.untilMs)
        continue
      }
      const { name: call, limitMs } = running
      const error = runtimeErrors.SERVICE_CALL_TIMEOUT({ call, limitMs: Math.round(limitMs) })
      this.#end(running, failed(error))
      running.abort()
    }
    if (next < Infinity) this.#watch(next)
  }

  #failure(name: string, error: unknown): Settled {
    if (error instanceof AppError) {
      const limit = limitOfCode(error.code)
      if (limit) this.#options.onLimit(limit, `"${name}" was refused: ${error.message}`)
      return failed(error)
    }
    const fault = databaseFault(error)
    if (fault) return failed(fault)
    this.#options.logger.error('a module failed', {
      call: name,
      error: messageOf(error),
      stack: (error as Error)?.stack,
    })
    return failed(runtimeErrors.RUNTIME_INTERNAL({ call: name }))
  }
}

interface RunningCallOptions {
  name: string
  limitMs: number
  blocking: boolean
  enter: HostCallsOptions['enter']
  settle: Settle
}

/** One call under way, as its module sees it. */
class RunningCall implements CallContext {
  readonly name: string
  readonly limitMs: number
  readonly untilMs: number
  readonly blocking: boolean
  readonly settle: Settle
  readonly #enter: HostCallsOptions['enter']
  #controller: AbortController | undefined
  #aborted = false

  constructor({ name, limitMs, blocking, enter, settle }: RunningCallOptions) {
    this.name = name
    this.limitMs = limitMs
    this.untilMs = performance.now() + limitMs
    this.blocking = blocking
    this.settle = settle
    this.#enter = enter
  }

  // Made for those who ask: a signal costs more than most calls.
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted) this.#controller.abort()
    return this.#controller.signal
  }

  get remainingMs(): number {
    return Math.max(0, this.untilMs - performance.now())
  }

  /** A getter, so that it may be taken out of its context as a plain function. */
  get enter(): CallContext['enter'] {
    if (!this.blocking) return this.#enter
    const error = runtimeErrors.SERVICE_WOULD_WAIT_FOR_ITSELF({ call: this.name })
    return () => Promise.reject(error)
  }

  abort(): void {
    this.#aborted = true
    this.#controller?.abort()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

function failed(error: AppError): Settled {
  const { code, status, message, fields } = error.toShape()
  const value: ErrorData & { fields?: unknown } = {
    name: 'Error',
    message,
    text: message,
    code,
    status,
    ...(fields && { fields }),
  }
  return { ok: false, value }
}
