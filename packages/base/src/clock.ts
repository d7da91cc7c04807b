/** Time comes in through an argument, so that a test can hold it. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number
  /** Runs `fn` once after `delayMs`; the returned function cancels it. Never keeps the process alive. */
  after(delayMs: number, fn: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, delayMs)
    ;(timer as { unref?: () => void }).unref?.()
    return () => clearTimeout(timer)
  },
}

/** A clock that stands still until it is told to advance. For tests. */
export class ManualClock implements Clock {
  #now: number
  #pending: { at: number; fn: () => void }[] = []

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  after(delayMs: number, fn: () => void): () => void {
    const entry = { at: this.#now + delayMs, fn }
    this.#pending.push(entry)
    return () => {
      this.#pending = this.#pending.filter((other) => other !== entry)
    }
  }

  /** Moves time on and runs what became due, in order of time. */
  advance(byMs: number): void {
    const end = this.#now + byMs
    for (;;) {
      const next = this.#pending.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.#pending = this.#pending.filter((entry) => entry !== next)
      this.#now = next.at
      next.fn()
    }
    this.#now = end
  }
}
