// Timers that a plugin starts are the service's that enabled it: when one of them loops or crashes, the black box of the
// runner must name that service, whatever the plugin awaited before. AsyncLocalStorage knows whose code asks for a timer; on
// Node 24 and later it follows promises without hooks (nodejs.org, "AsyncContextFrame").
import { AsyncLocalStorage } from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'

type Execute = <T>(work: () => T) => T
type Start = (fn: (...args: unknown[]) => unknown, ...rest: unknown[]) => unknown

const owner = new AsyncLocalStorage<Execute>()
let following = false

/** {@link Execute} of one run that also counts for the timers its work starts. After `over()` it counts for nobody. */
export function owned(execute: Execute): { execute: Execute; over(): void } {
  let isOver = false
  const counted: Execute = (work) => (isOver ? work() : execute(work))
  return {
    execute: (work) => owner.run(counted, () => counted(work)),
    over: () => void (isOver = true),
  }
}

/** From here on timers of this process know whose they are. Called before the first plugin of a process is loaded. */
export function followTimers(): void {
  if (following) return
  following = true
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const counted = counting(timers[name] as Start)
    Object.assign(timers, { [name]: counted })
    Object.assign(globalThis, { [name]: counted })
  }
  for (const name of ['setTimeout', 'setImmediate'] as const) {
    const wait = timersPromises[name] as (...args: unknown[]) => Promise<unknown>
    Object.assign(timersPromises, { [name]: (...args: unknown[]) => countedWait(wait(...args)) })
  }
  syncBuiltinESMExports()
}

function counting(start: Start): Start {
  const counted: Start = (fn, ...rest) => {
    const execute = owner.getStore()
    if (execute === undefined || typeof fn !== 'function') return start(fn, ...rest)
    return start((...args) => execute(() => fn(...args)), ...rest)
  }
  // `util.promisify(setTimeout)` has a form of its own.
  const custom = (start as { [promisify.custom]?: (...args: unknown[]) => Promise<unknown> })[
    promisify.custom
  ]
  if (custom)
    Object.assign(counted, { [promisify.custom]: (...args: unknown[]) => countedWait(custom(...args)) })
  return counted
}

/** What goes on after the wait counts, too. */
function countedWait(waited: Promise<unknown>): Promise<unknown> {
  const execute = owner.getStore()
  if (execute === undefined) return waited
  return new Promise((resolve, reject) => {
    waited.then(
      (value) => execute(() => resolve(value)),
      (error: unknown) => execute(() => reject(error)),
    )
  })
}
