// What a press says, asked for page by page of the run, told to the page of the one who pressed.
import type { Clock, Logger } from '@m3m/base'
import { pressEventSchema, pressPageSchema, type PressEvent } from './actions.schema.ts'
import type { RunControl } from './run-control.port.ts'

export interface Said {
  seq: number
  event: PressEvent
}

export interface PressTalk {
  readonly pressId: string
  readonly runId: string
  /** What was said so far: a page that comes back may have missed the last of it. */
  readonly said: Said[]
}

interface FollowDeps {
  control: RunControl
  clock: Clock
  logger: Logger
}

/** Things said that are kept for a page that comes back. */
const MAX_SAID = 300
/** Between two empty answers, should a runner not wait as it ought to. */
const PAUSE_MS = 200

const LAST_WORDS: ReadonlySet<PressEvent['kind']> = new Set(['done', 'failed', 'lost'])
/** In the place of what cannot be shown: closes a dialog that there never was. */
const UNSHOWN: PressEvent = { kind: 'close', id: Number.MAX_SAFE_INTEGER }

/** All that the press says, from number `after` on, to its last words or until `until` aborts. */
export async function* followPress(
  deps: FollowDeps,
  press: PressTalk,
  { after, until }: { after: number; until: AbortSignal },
): AsyncGenerator<Said> {
  const say = (seq: number, event: PressEvent): Said => {
    press.said.push({ seq, event })
    if (press.said.length > MAX_SAID) press.said.shift()
    return { seq, event }
  }
  yield* press.said.filter(({ seq }) => seq > after)
  for (;;) {
    const last = press.said.at(-1)
    if (last && LAST_WORDS.has(last.event.kind)) return
    const page = await nextPage(deps, press, until)
    if (until.aborted) return
    if (!page) yield say((last?.seq ?? 0) + 1, { kind: 'lost' })
    else for (const { seq, event } of page) yield say(seq, event)
  }
}

/** `null`: there is nobody to ask any more. */
async function nextPage(
  { control, clock, logger }: FollowDeps,
  { pressId, runId, said }: PressTalk,
  until: AbortSignal,
): Promise<Said[] | null> {
  // A run that ends, or a runner that is killed, rejects.
  const asked = control.control(runId, 'actions.follow', [pressId, said.at(-1)?.seq ?? 0]).catch(() => null)
  const page = pressPageSchema.safeParse(await unless(until, asked))
  if (!page.success) return null
  const { events, over } = page.data
  if (events.length === 0 && over) return null
  if (events.length === 0)
    await unless(until, new Promise<void>((resolve) => void clock.after(PAUSE_MS, resolve)))
  return events.map(({ seq, event }) => {
    const known = pressEventSchema.safeParse(event)
    if (known.success) return { seq, event: known.data }
    logger.warn('a service said what cannot be shown', { runId, reason: known.error.message })
    return { seq, event: UNSHOWN }
  })
}

/** The promise's value, or undefined as soon as the signal aborts. */
async function unless<T>(until: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  const { promise: stopped, resolve } = Promise.withResolvers<undefined>()
  const stop = () => resolve(undefined)
  if (until.aborted) stop()
  until.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([promise, stopped])
  } finally {
    until.removeEventListener('abort', stop)
  }
}
