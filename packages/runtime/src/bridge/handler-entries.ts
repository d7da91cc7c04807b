// Handlers that run inside, and who waits for them.
import type { AppError } from '@m3m/base'
import { runtimeErrors } from '../runtime.errors.ts'
import type { ErrorData } from '../sandbox/stacks.ts'
import { authorError } from './author-errors.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** The ids of one isolate's entries: from 1 on, and again after the last that is a small integer everywhere. */
const LAST_ID = 0x7fffffff

export class HandlerEntries {
  readonly #waiting = new Map<number, Waiting>()
  #last = 0

  /** @param timeoutMs absent: as long as it takes. Then the answer rejects with SERVICE_HANDLER_TIMEOUT, and the handler goes on. */
  begin(event: string, timeoutMs: number | undefined): { id: number; answer: Promise<unknown> } {
    const id = (this.#last = this.#last >= LAST_ID ? 1 : this.#last + 1)
    const answer = new Promise((resolve, reject) => {
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => this.#tooLong(id, event, timeoutMs), timeoutMs)
      const settle = (fn: (value: unknown) => void) => (value: unknown) => {
        clearTimeout(timer)
        fn(value)
      }
      this.#waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
    })
    return { id, answer }
  }

  /** One that nobody waits for any more counts for nothing. */
  finish(id: number, ok: boolean, value: unknown): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    if (ok) waiting.resolve(value)
    else waiting.reject(authorError(value as ErrorData))
  }

  /** None of them will finish. */
  rejectAll(error: AppError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }

  #tooLong(id: number, event: string, limitMs: number): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.reject(runtimeErrors.SERVICE_HANDLER_TIMEOUT({ what: `The handler of ${event}`, limitMs }))
  }
}
