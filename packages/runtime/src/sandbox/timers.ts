// setTimeout and its kin: one heap inside, one wake-up asked of the host. A due timer is an item like any other.
import { hostError } from './calls.ts'
import { operate } from './outbox.ts'
import { MAX_TIMERS, OP } from './wire.contract.ts'

/** One timer; also a piece of work in the queue of the turn. */
export interface Timer {
  readonly id: number
  atMs: number
  readonly everyMs: number | null
  readonly run: () => void
  live: boolean
}

const now = Date.now
/** As in browsers and Node: 2^31 - 1 ms. */
const MAX_DELAY_MS = 2_147_483_647

const timers = new Map<number, Timer>()
const heap: Timer[] = []
let lastId = 0
let askedFor = Infinity
let onError: (error: unknown) => void = () => {}

/** What becomes of an error thrown by a timer's function. */
export function onTimerError(handler: (error: unknown) => void): void {
  onError = handler
}

/** @throws an Error when 10,000 timers wait already. */
export function startTimer(run: () => void, delayMs: unknown, repeat: boolean): number {
  if (timers.size >= MAX_TIMERS)
    throw hostError('SERVICE_LIMIT_REACHED', `The limit of ${MAX_TIMERS} timers is reached.`, 429)
  const delay = clamp(delayMs)
  const timer = { id: ++lastId, atMs: now() + delay, everyMs: repeat ? delay : null, run, live: true }
  timers.set(timer.id, timer)
  push(timer)
  ask()
  return timer.id
}

/** Stops a timer; an unknown id is nothing. */
export function stopTimer(id: unknown): void {
  const timer = timers.get(Number(id))
  if (!timer) return
  timer.live = false
  timers.delete(timer.id)
}

/** The host woke us: due timers go to the end of the queue. */
export function wake(enqueue: (timer: Timer) => void): void {
  askedFor = Infinity
  const time = now()
  while (heap.length > 0 && (!heap[0]!.live || heap[0]!.atMs <= time)) {
    const timer = pop()
    if (timer.live) enqueue(timer)
  }
  ask()
}

/** Runs a due timer. */
export function runTimer(timer: Timer): void {
  if (!timer.live) return
  if (timer.everyMs === null) {
    timer.live = false
    timers.delete(timer.id)
  } else {
    timer.atMs = now() + timer.everyMs
    push(timer)
    ask()
  }
  try {
    timer.run()
  } catch (error) {
    onError(error)
  }
}

function ask(): void {
  while (heap.length > 0 && !heap[0]!.live) pop()
  const next = heap[0]
  if (!next || next.atMs >= askedFor) return
  askedFor = next.atMs
  operate(OP.wake, Math.max(0, next.atMs - now()))
}

function clamp(delayMs: unknown): number {
  const delay = Math.trunc(Number(delayMs))
  return delay >= 1 && delay <= MAX_DELAY_MS ? delay : 1
}

function push(timer: Timer): void {
  let at = heap.length
  heap[at] = timer
  while (at > 0) {
    const up = (at - 1) >> 1
    if (!before(timer, heap[up]!)) break
    heap[at] = heap[up]!
    at = up
  }
  heap[at] = timer
}

function pop(): Timer {
  const top = heap[0]!
  const last = heap[heap.length - 1]!
  heap.length--
  if (heap.length === 0) return top
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    if (down >= heap.length) break
    if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++
    if (!before(heap[down]!, last)) break
    heap[at] = heap[down]!
    at = down
  }
  heap[at] = last
  return top
}

function before(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.id < b.id)
}
