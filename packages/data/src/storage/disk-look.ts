import { lstatSync, type Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'

/** A disk that takes so long for one look is asked in the background from then on. */
const SLOW_MS = 20
/** Then it is tried again. */
const SLOW_FOR_MS = 60_000

let slowUntilMs = 0

/**
 * What lies at a path, a symbolic link not followed; null for nothing.
 *
 * The system answers from memory in 5 µs what costs 40 to 70 by way of a thread (CPU time, two busy cores): most of what a
 * route pays that asks whether a file is there. A disk that lets wait (a network's, one that sleeps) lets everything in
 * this process wait once, and is then asked by a thread for a minute.
 */
export function lookAt(path: string): Stats | null | Promise<Stats | null> {
  const beganMs = performance.now()
  if (beganMs < slowUntilMs) return lstat(path).catch(absentIsNull)
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    return absentIsNull(error as { code?: unknown })
  } finally {
    const endedMs = performance.now()
    if (endedMs - beganMs > SLOW_MS) slowUntilMs = endedMs + SLOW_FOR_MS
  }
}

export function absentIsNull(error: { code?: unknown }): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
