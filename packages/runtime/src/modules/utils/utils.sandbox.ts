import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { promised } from '../../sandbox/lanes.ts'
import { randomBytes, randomInt, uuid } from '../../sandbox/random.ts'
import { DEFAULT_PATTERN, formatDate, parseDate } from '../../sandbox/text/dates.ts'
import { matchAll, replaceAll } from '../../sandbox/text/patterns.ts'
import { createStrings } from '../../sandbox/text/strings.ts'
import { startTimer } from '../../sandbox/timers.ts'
import { MAX_SLEEP_MS, SLEEP_CALL } from './utils.contract.ts'

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const numberOf = (value: unknown): number => (value instanceof Date ? value.getTime() : Number(value))

export const room: SandboxRoom = (lane, kernel) => ({
  ...createStrings(kernel),
  sleep: promised(lane, (ms: unknown) => sleep(lane, Math.min(Math.max(0, Number(ms) || 0), MAX_SLEEP_MS))),
  timestamp: () => Date.now(),
  uuid,
  random: () => new DataView(randomBytes(4).buffer).getUint32(0) / 0x100000000,
  randomInt: (min: unknown, max: unknown) =>
    randomInt(Math.trunc(Number(min)) || 0, Math.trunc(Number(max)) || 0),
  formatDate: (at: unknown, pattern?: unknown) =>
    formatDate(numberOf(at), pattern === undefined ? DEFAULT_PATTERN : textOf(pattern)),
  parseDate: (text: unknown, pattern?: unknown) => {
    const ms = parseDate(textOf(text), pattern === undefined ? DEFAULT_PATTERN : textOf(pattern))
    // Scripts of the original test for 0; new ones get what says "nothing".
    return lane.kind === 'dollar' ? (ms ?? 0) : ms
  },
  regexMatch: (text: unknown, pattern: unknown) => matchAll(textOf(text), textOf(pattern)),
  regexReplace: (text: unknown, pattern: unknown, replacement: unknown) =>
    replaceAll(textOf(text), textOf(pattern), textOf(replacement)),
})

/** Bare: a timer, so that other requests go on and no place among the calls in flight is taken. */
function sleep(lane: Lane, ms: number): unknown {
  if (lane.kind === 'dollar') return lane.map(lane.call(SLEEP_CALL, [ms]), () => undefined)
  return new Promise<void>((resolve) => startTimer(resolve, ms, false))
}
