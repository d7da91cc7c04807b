// A place in the oplog: milliseconds since 1970 and a count within them, in one safe integer (until 2039).
import { DateTime, Timestamp } from '../bson/value.ts'

/** Changes that one millisecond has room for; more of them borrow from the next. */
const PER_MS = 4096

/** The first position of this moment that lies behind another. */
export function positionAfter(last: number, nowMs: number): number {
  return Math.max(last + 1, nowMs * PER_MS)
}

export function positionAt(ms: number): number {
  return ms * PER_MS
}

/** The `clusterTime` of a position: seconds, and a count within them. */
export function timestampOf(position: number): Timestamp {
  const ms = Math.floor(position / PER_MS)
  const count = (ms % 1000) * PER_MS + (position % PER_MS)
  return new Timestamp((BigInt(Math.floor(ms / 1000)) << 32n) | BigInt(count))
}

/** The position of a `clusterTime`, also of one that we did not give. */
export function positionOf({ value }: Timestamp): number {
  const seconds = Number(value >> 32n)
  const count = Math.min(Number(value & 0xffffffffn), 1000 * PER_MS - 1)
  return seconds * 1000 * PER_MS + count
}

export function wallTimeOf(position: number): DateTime {
  return new DateTime(Math.floor(position / PER_MS))
}
