import { setImmediate as nextTurn } from 'node:timers/promises'
import { mongoError, type MongoServerFault } from './mongo-error.ts'

/** A command works for so long before it lets others on (datastore design, "scans yield every 5 ms"). */
const SLICE_MS = 5

/** How a command shares its thread and keeps to its time. One for each command. */
export interface Pause {
  /** Reads one page, after a rest when the slice is used up. */
  page<T>(read: () => T): Promise<T> | T
  /** Rests when the slice is used up, `before` just before. To be awaited only where the store is consistent. */
  rest(before?: () => void): Promise<void> | void
  /** Ends the command: the next `rest` or `page` throws `fault` (by default Interrupted, 11601). */
  kill(fault?: MongoServerFault): void
  /** Called at once when the command is killed, for those who wait for something else than their turn. */
  onKill(run: () => void): void
  /** Throws when the command was killed or its time is over. */
  check(): void
  /** Milliseconds until `maxTimeMS` is over; Infinity without. */
  leftMs(): number
}

interface PauseOptions {
  /** `maxTimeMS` of the command; 0 or absent: none. */
  maxTimeMs?: number
  /** Called before and after a rest: writers let the transaction go and take it again. */
  onRest?: () => Promise<void>
}

/** @throws MaxTimeMSExpired (50), Interrupted (11601) out of `page` and `rest` */
export function createPause({ maxTimeMs = 0, onRest }: PauseOptions = {}): Pause {
  const begin = performance.now()
  const deadline = maxTimeMs > 0 ? begin + maxTimeMs : Infinity
  let sliceEnd = begin + SLICE_MS
  let killed: MongoServerFault | null = null
  let watching: (() => void)[] | null = null
  const check = (now: number): void => {
    if (killed) throw killed
    if (now > deadline) throw mongoError('MaxTimeMSExpired', 'operation exceeded time limit')
  }
  const takeRest = async (): Promise<void> => {
    if (onRest) await onRest()
    else await nextTurn()
    const now = performance.now()
    check(now)
    sliceEnd = now + SLICE_MS
  }
  const rest = (before?: () => void): Promise<void> | void => {
    const now = performance.now()
    check(now)
    if (now < sliceEnd) return
    before?.()
    return takeRest()
  }
  return {
    rest,
    page(read) {
      const resting = rest()
      return resting ? resting.then(read) : read()
    },
    kill(fault) {
      killed = fault ?? mongoError('Interrupted', 'operation was interrupted')
      for (const run of watching ?? []) run()
    },
    onKill(run) {
      ;(watching ??= []).push(run)
      if (killed) run()
    },
    check: () => check(performance.now()),
    leftMs: () => deadline - performance.now(),
  }
}
