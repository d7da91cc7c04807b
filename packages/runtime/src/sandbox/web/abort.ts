// AbortController and AbortSignal: WHATWG DOM, "Aborting ongoing activities".
import { startTimer } from '../timers.ts'
import { DOMException } from './dom-exception.ts'
import { connectSignals, Event, EventTarget, handlerAttributes, watchListeners } from './events.ts'
import { demand, webInterface, wholeNumber } from './interface.ts'

const key = Symbol('constructor')
/** Aborts once. */
export let abortSignal: (signal: AbortSignal, reason?: unknown) => void
/** Runs before the listeners, once; nothing when the signal is aborted already. What it returns takes it back. */
export let whenAborted: (signal: AbortSignal, run: () => void) => () => void
/** Counts what was aborted: a signal takes the reason of the source that was aborted first. */
let aborts = 0

export class AbortSignal extends EventTarget {
  /** Which abort it was, from 1; 0 while it is not aborted. */
  #abortedAs = 0
  #reason: unknown = undefined
  readonly #algorithms = new Set<() => void>()
  /** The signals this one follows ("dependent abort signal"), none of which follows another; null when it follows none. */
  #sources: readonly AbortSignal[] | null = null
  /**
   * Those that follow this one and are listened to. The others look at their sources when they are asked, so that a signal
   * which lives as long as the service keeps nothing of the many that were joined with it.
   */
  readonly #heard = new Set<AbortSignal>()
  #hasListeners = false

  declare onabort: ((event: Event) => unknown) | null

  constructor(token?: unknown) {
    super()
    if (token !== key)
      throw new TypeError('Illegal constructor: an AbortSignal is made by an AbortController.')
  }
  get aborted(): boolean {
    this.#look()
    return this.#abortedAs > 0
  }
  get reason(): unknown {
    this.#look()
    return this.#reason
  }
  throwIfAborted(): void {
    if (this.aborted) throw this.#reason
  }
  static abort(reason?: unknown): AbortSignal {
    const signal = makeSignal()
    abortSignal(signal, reason)
    return signal
  }
  static timeout(milliseconds: unknown): AbortSignal {
    demand(1, arguments.length, 'AbortSignal.timeout')
    const signal = makeSignal()
    startTimer(
      () => abortSignal(signal, new DOMException('The operation timed out.', 'TimeoutError')),
      wholeNumber(milliseconds, 'The time of AbortSignal.timeout'),
      false,
    )
    return signal
  }
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    demand(1, arguments.length, 'AbortSignal.any')
    const given = [...signals]
    for (const signal of given)
      if (!(signal instanceof AbortSignal)) throw new TypeError('AbortSignal.any expects AbortSignals.')
    const joined = makeSignal()
    const first = given.find((signal) => signal.aborted)
    if (first) {
      joined.#abortedAs = first.#abortedAs
      joined.#reason = first.#reason
      return joined
    }
    // A follower of a follower follows the sources themselves, so that all are aborted before any event.
    joined.#sources = [...new Set(given.flatMap((signal) => signal.#sources ?? [signal]))]
    watchListeners(joined, 'abort', (count) => {
      joined.#hasListeners = count > 0
      joined.#register()
    })
    return joined
  }

  /** Takes over what became of its sources. */
  #look(): void {
    if (this.#abortedAs > 0 || !this.#sources) return
    let first: AbortSignal | undefined
    for (const source of this.#sources)
      if (source.#abortedAs > 0 && !(first && first.#abortedAs < source.#abortedAs)) first = source
    if (first) this.#become(first.#abortedAs, first.#reason)
  }
  #become(abortedAs: number, reason: unknown): void {
    this.#abortedAs = abortedAs
    this.#reason = reason
    for (const source of this.#sources ?? []) source.#heard.delete(this)
    this.#sources = null
  }
  #register(): void {
    const isHeard = this.#hasListeners || this.#algorithms.size > 0
    for (const source of this.#sources ?? []) {
      if (isHeard) source.#heard.add(this)
      else source.#heard.delete(this)
    }
  }

  static {
    abortSignal = (signal, given) => {
      if (signal.#abortedAs > 0) return
      const reason =
        given === undefined ? new DOMException('This operation was aborted.', 'AbortError') : given
      const all = [signal, ...[...signal.#heard].filter((each) => each.#abortedAs === 0)]
      aborts++
      for (const each of all) each.#become(aborts, reason)
      for (const each of all) {
        const algorithms = [...each.#algorithms]
        each.#algorithms.clear()
        for (const run of algorithms) run()
        each.dispatchEvent(new Event('abort'))
      }
    }
    whenAborted = (signal, run) => {
      if (signal.aborted) return () => {}
      const once = () => run()
      signal.#algorithms.add(once)
      signal.#register()
      return () => {
        if (signal.#algorithms.delete(once)) signal.#register()
      }
    }
  }
}
webInterface(AbortSignal, 'AbortSignal')
handlerAttributes(AbortSignal, ['abort'])
connectSignals({
  isSignal: (value) => value instanceof AbortSignal,
  whenAborted: (signal, run) => whenAborted(signal as AbortSignal, run),
})

export function makeSignal(): AbortSignal {
  return new AbortSignal(key)
}

export class AbortController {
  readonly #signal = makeSignal()
  get signal(): AbortSignal {
    return this.#signal
  }
  abort(reason?: unknown): void {
    abortSignal(this.#signal, reason)
  }
}
webInterface(AbortController, 'AbortController')
