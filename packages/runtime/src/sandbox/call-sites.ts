// Where the author called the host. The answer comes in a later turn, on a stack without any line of the author, so the
// place is taken at the call. That costs 5 µs where a call costs 10 (measured on Node 26), so it is done for so many
// calls a second only that it never takes more than a hundredth of the time: beyond them an error goes without its place.

/** Its `stack` is made when it is first read. */
export interface CallSite {
  stack?: unknown
}

type Capture = (target: object, below: (...args: never[]) => unknown) => void

const { captureStackTrace } = Error as unknown as { captureStackTrace: Capture }
const now = Date.now

/** 10 ms of a second. */
const SITES_PER_SECOND = 2_000

let second = 0
let left = SITES_PER_SECOND

/** The frames below `below`, which is left out; null when too many were taken in this second. */
export function callSite(below: (...args: never[]) => unknown): CallSite | null {
  if (left <= 0 && !isNewSecond()) return null
  left--
  const site: CallSite = {}
  captureStackTrace(site, below)
  return site
}

function isNewSecond(): boolean {
  const current = Math.floor(now() / 1000)
  if (current === second) return false
  second = current
  left = SITES_PER_SECOND
  return true
}

/** Gives an error the stack of the call that it answers. `Error.prepareStackTrace` of the author may make that anything. */
export function placeAt(error: Error, site: CallSite | null): Error {
  if (!site) return error
  try {
    const { stack } = site
    if (typeof stack !== 'string') return error
    const frames = stack.indexOf('\n')
    error.stack = `${error.name}: ${error.message}${frames < 0 ? '' : stack.slice(frames)}`
  } catch {
    // An error without a place is still the error.
  }
  return error
}
