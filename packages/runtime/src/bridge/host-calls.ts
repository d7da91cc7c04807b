// Calls of the service to the host halves of modules: found, bounded by a deadline, settled always, carried as data.
import { AppError, messageOf, type Logger } from '@m3m/base'
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

/** What a call came to: `value` is the answer, or the error as data. */
export interface Settled {
  ok: boolean
  value: unknown
}

/** Host calls of one run. */
export class HostCalls {
  readonly #options: HostCallsOptions
  readonly #running = new Set<AbortController>()
  #inFlight = 0

  constructor(options: HostCallsOptions) {
    this.#options = options
  }

  /** Runs one call. Never rejects. `remainingMs` 0: no request bounds it. */
  async run(name: string, args: unknown, remainingMs: number, blocking = false): Promise<Settled> {
    const call = this.#options.calls.get(name)
    if (!call || !Array.isArray(args)) return failed(runtimeErrors.SERVICE_CALL_UNKNOWN({ call: name }))
    if (this.#inFlight >= MAX_CALLS_IN_FLIGHT + 1)
      return failed(
        runtimeErrors.SERVICE_LIMIT_REACHED({ what: 'calls under way', limit: MAX_CALLS_IN_FLIGHT }),
      )
    const { longestMs } = this.#options
    const limitMs = remainingMs > 0 ? Math.min(remainingMs, longestMs) : longestMs
    this.#inFlight++
    try {
      return await this.#bounded(name, call, args, { limitMs, blocking })
    } finally {
      this.#inFlight--
    }
  }

  /** The run is over: whoever listens to a call's signal stops. */
  abort(): void {
    for (const controller of this.#running) controller.abort()
  }

  async #bounded(
    name: string,
    call: HostCall,
    args: unknown[],
    { limitMs, blocking }: { limitMs: number; blocking: boolean },
  ): Promise<Settled> {
    const controller = new AbortController()
    this.#running.add(controller)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Settled>((resolve) => {
      timer = setTimeout(() => {
        resolve(failed(runtimeErrors.SERVICE_CALL_TIMEOUT({ call: name, limitMs: Math.round(limitMs) })))
        controller.abort()
      }, limitMs)
    })
    try {
      return await Promise.race([
        this.#settle(name, call, args, this.#context(name, controller, { limitMs, blocking })),
        late,
      ])
    } finally {
      clearTimeout(timer)
      this.#running.delete(controller)
    }
  }

  #context(
    name: string,
    controller: AbortController,
    { limitMs, blocking }: { limitMs: number; blocking: boolean },
  ): CallContext {
    const until = performance.now() + limitMs
    return {
      signal: controller.signal,
      get remainingMs() {
        return Math.max(0, until - performance.now())
      },
      blocking,
      enter: (event, args) =>
        blocking
          ? Promise.reject(runtimeErrors.SERVICE_WOULD_WAIT_FOR_ITSELF({ call: name }))
          : this.#options.enter(event, args),
    }
  }

  async #settle(name: string, call: HostCall, args: unknown[], context: CallContext): Promise<Settled> {
    try {
      return { ok: true, value: await call(args, context) }
    } catch (error) {
      if (error instanceof AppError) {
        const limit = limitOfCode(error.code)
        if (limit) this.#options.onLimit(limit, `"${name}" was refused: ${error.message}`)
        return failed(error)
      }
      this.#options.logger.error('a module failed', {
        call: name,
        error: messageOf(error),
        stack: (error as Error)?.stack,
      })
      return failed(runtimeErrors.RUNTIME_INTERNAL({ call: name }))
    }
  }
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
