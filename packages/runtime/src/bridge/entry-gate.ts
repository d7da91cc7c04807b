// How many isolates of this process are executed at once. isolated-vm has one thread a core and one more; an entry that
// finds all of them busy gets a thread of its own, made for it and thrown away after it, which costs more than most
// handlers do. So entries take turns.
import { availableParallelism } from 'node:os'

/** Whoever wants to enter an isolate. */
export interface Entrant {
  /** It is its turn. It says {@link EntryGate.leave} when it is through, at once if it has changed its mind. */
  admitted(): void
}

/**
 * Who is inside for longer is not counted any more: a service that loops must not keep its neighbours waiting, and a
 * thread made for one entry is cheap beside 5 ms.
 */
const PATIENCE_MS = 5

/** First come, first served; never more than `width` at once, but for those that stay longer than {@link PATIENCE_MS}. */
export class EntryGate {
  readonly #width: number
  /** Since when, the first to enter first. */
  readonly #inside = new Map<Entrant, number>()
  readonly #waiting = new Set<Entrant>()
  #timer: NodeJS.Timeout | null = null

  constructor(width: number) {
    this.#width = width
  }

  /** Asks for a turn; {@link Entrant.admitted} may be called before this returns. */
  ask(entrant: Entrant): void {
    if (this.#inside.size < this.#width) return this.#admit(entrant)
    this.#waiting.add(entrant)
    this.#lookLater()
  }

  /** Is through, or stands still and lets others pass. */
  leave(entrant: Entrant): void {
    this.#inside.delete(entrant)
    this.#serve()
  }

  /** Goes on after it stood still: its thread is its own already, so that it does not wait. */
  resume(entrant: Entrant): void {
    this.#inside.set(entrant, performance.now())
  }

  #admit(entrant: Entrant): void {
    this.#inside.set(entrant, performance.now())
    entrant.admitted()
  }

  #serve(): void {
    for (const entrant of this.#waiting) {
      if (this.#inside.size >= this.#width) return
      this.#waiting.delete(entrant)
      this.#admit(entrant)
    }
  }

  #lookLater(): void {
    if (this.#timer === null) this.#timer = setTimeout(this.#look, PATIENCE_MS)
  }

  readonly #look = (): void => {
    this.#timer = null
    const sinceMs = performance.now() - PATIENCE_MS
    for (const [entrant, enteredMs] of this.#inside) if (enteredMs <= sinceMs) this.#inside.delete(entrant)
    this.#serve()
    if (this.#waiting.size > 0) this.#lookLater()
  }
}

/** The threads are the process's, and so is the gate. A core is left to the threads that carry the frames. */
export const entryGate = new EntryGate(Math.max(1, availableParallelism() - 1))
