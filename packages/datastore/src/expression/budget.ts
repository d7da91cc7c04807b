import { isMainThread } from 'node:worker_threads'
import { mongoError } from '../server/mongo-error.ts'

/**
 * Expressions that loop may hold the main thread for so long within one turn of the event loop. They are there in
 * writes and in transactions only; reading commands that loop run in the reading thread, which can be ended.
 */
const MAX_TURN_MS = 150

/** Loops between two looks at the clock: some microseconds. */
const LOOK_EVERY = 1024

let loops = 0
let beganMs: number | null = null

/**
 * Counts one round of a loop.
 *
 * @throws ExceededTimeLimit (262) when the main thread was held for too long
 */
export function countLoop(): void {
  if (++loops % LOOK_EVERY !== 0 || !isMainThread) return
  const now = performance.now()
  if (beganMs === null) {
    beganMs = now
    setImmediate(() => (beganMs = null))
  } else if (now - beganMs > MAX_TURN_MS) {
    throw mongoError(
      'ExceededTimeLimit',
      `An expression of a write loops for longer than ${MAX_TURN_MS} ms on one document; compute the value by an aggregation, which may take its time, and write the result`,
    )
  }
}
