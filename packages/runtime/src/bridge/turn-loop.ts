// Entries into one isolate: one in flight, everything in arrival order, watched by the CPU time it uses.
import { ByteSink } from '../sandbox/codec.ts'
import type { Entered, ServiceIsolate } from '../isolate/service-isolate.ts'
import { entryGate, type Entrant } from './entry-gate.ts'
import { Lingering } from './lingering.ts'

/** Says to the outside that the service's code is being executed. Neither method throws. */
export interface ExecutionMark {
  on(): void
  off(): void
}

export interface TurnLoopOptions {
  isolate: ServiceIsolate
  mark?: ExecutionMark
  /** Longest computation without a pause, of CPU time. */
  cpuStretchMs: number
  /** An error nobody caught. */
  onFloating(error: Error): void
  /** An entry was cut off by its limit; the service goes on. */
  onTimeout(): void
  /** The isolate is gone: by its memory limit, by the watchdog, or by {@link TurnLoop.dispose}. */
  onGone(reason: GoneReason): void
  /** Disposal did not stop it: only the end of this process does. */
  onStuck(): void
}

/** `broken`: the service tampered with the prelude. `disposed`: by its owner. */
export type GoneReason = 'memory' | 'cpu' | 'broken' | 'disposed'

/** How often the watchdog looks. */
const WATCH_MS = 250
/** CPU time beyond the limit of a stretch before the isolate is disposed. */
const GRACE_MS = 1000

/** The inbox of one isolate and who carries it in. */
export class TurnLoop implements Entrant {
  readonly #options: TurnLoopOptions
  /** Bytes of the items waiting in the inbox; offsets given by it are valid for the next item pushed. */
  readonly bytes = new ByteSink()
  #inbox = ''
  readonly #works: (() => Promise<void>)[] = []
  #more = false
  #interrupted = false
  #busy = false
  #scheduled = false
  #cpuAtEntry = 0
  #lingering: Lingering | null = null
  #reason: GoneReason = 'memory'
  #gone = false
  #entries = 0
  #watch: NodeJS.Timeout | null = null

  constructor(options: TurnLoopOptions) {
    this.#options = options
  }

  /** Entries so far: who has not entered since has not changed either. */
  get entries(): number {
    return this.#entries
  }

  /** The service stands still, parked on the host, or goes on: while it is parked no code of it is executed. */
  parked(parked: boolean): void {
    if (!this.#busy) return
    if (parked) {
      this.#options.mark?.off()
      entryGate.leave(this)
    } else {
      entryGate.resume(this)
      this.#options.mark?.on()
    }
  }

  /** Puts an item (JSON text, or several with commas) at the end of the inbox. */
  push(item: string): void {
    if (this.#gone) return
    this.#inbox = this.#inbox === '' ? item : `${this.#inbox},${item}`
    this.#schedule()
  }

  /** Runs `enter`, an entry of another kind, when no other is in flight; the loop goes on after it. */
  async exclusively<T>(enter: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error('another entry is in flight')
    entryGate.resume(this)
    this.#begin()
    try {
      return await enter()
    } finally {
      this.#end()
    }
  }

  /** As {@link TurnLoop.exclusively} when its turn has come, in the order of asking. `enter` never rejects; nothing comes of it when the isolate is gone. */
  between(enter: () => Promise<void>): void {
    if (this.#gone) return
    this.#works.push(enter)
    this.#schedule()
  }

  /** True while an entry is in flight. */
  get busy(): boolean {
    return this.#busy
  }

  dispose(reason: GoneReason = 'disposed'): void {
    if (!this.#options.isolate.disposed) this.#reason = reason
    this.#options.isolate.dispose()
    if (!this.#busy) this.#leave()
  }

  #schedule(): void {
    if (this.#busy || this.#scheduled) return
    this.#scheduled = true
    // Everything that arrives in this tick of the event loop enters together, and what arrives until it is our turn.
    setImmediate(() => entryGate.ask(this))
  }

  /** An entry is over, and there is reason for another. */
  #again(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    entryGate.ask(this)
  }

  admitted(): void {
    this.#scheduled = false
    // An exclusive entry came first: it is inside for us, and what waits enters after it.
    if (this.#busy) return
    if (this.#gone) return entryGate.leave(this)
    // Whoever was cut off is answered first: what runs now must not be taken for it.
    const work = this.#interrupted ? undefined : this.#works.shift()
    if (work) {
      this.#begin()
      void work().finally(() => this.#end())
      return
    }
    if (!this.#waits) return entryGate.leave(this)
    const text = this.#inbox
    const blob = this.bytes.take()
    const entry = { interrupted: this.#interrupted, timeoutMs: this.#options.cpuStretchMs }
    this.#inbox = ''
    this.#more = false
    this.#interrupted = false
    this.#begin()
    this.#options.isolate.turn(text, blob, entry).then(this.#entered, () => this.#leave())
  }

  readonly #entered = (outcome: Entered): void => {
    switch (outcome.kind) {
      case 'done':
        this.#more = outcome.more
        break
      case 'timeout':
        this.#interrupted = true
        this.#options.onTimeout()
        break
      case 'floating':
        // It replaced what the entry returned: ask again.
        this.#more = true
        this.#options.onFloating(outcome.error)
        break
      case 'disposed':
        break
    }
    this.#end()
  }

  #begin(): void {
    this.#busy = true
    this.#entries++
    this.#options.mark?.on()
    this.#watch ??= this.#beginWatch()
    this.#cpuAtEntry = this.#options.isolate.cpuMs
  }

  #end(): void {
    this.#busy = false
    this.#options.mark?.off()
    entryGate.leave(this)
    if (this.#options.isolate.disposed) this.#leave()
    else if (this.#waits) this.#again()
  }

  /** There is something to enter for. */
  get #waits(): boolean {
    return this.#inbox !== '' || this.#more || this.#interrupted || this.#works.length > 0
  }

  #leave(): void {
    if (this.#gone) return
    this.#gone = true
    entryGate.leave(this)
    this.#endWatch()
    this.#options.onGone(this.#reason)
  }

  #beginWatch(): NodeJS.Timeout {
    const watch = setInterval(() => this.#look(), WATCH_MS)
    watch.unref()
    return watch
  }

  #endWatch(): void {
    clearInterval(this.#watch ?? undefined)
    this.#watch = null
  }

  #look(): void {
    const { isolate, cpuStretchMs } = this.#options
    if (!this.#busy) {
      // An idle service costs no timer; the next entry begins the watch anew.
      this.#endWatch()
      if (isolate.disposed) this.#leave()
      return
    }
    if (isolate.disposed) {
      this.#lingering ??= new Lingering()
      if (this.#lingering.isStuck) {
        this.#endWatch()
        this.#options.onStuck()
      }
    } else if (isolate.cpuMs - this.#cpuAtEntry > cpuStretchMs + GRACE_MS) {
      this.#reason = 'cpu'
      isolate.dispose()
    }
  }
}
