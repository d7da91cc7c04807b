import { useSyncExternalStore } from 'react'

/** `waking`: lost a moment ago, not worth a banner yet. */
export type Reach = 'online' | 'waking' | 'offline'

/** A blink of the network, or an agent that restarts, needs no banner. */
const BANNER_AFTER_MS = 1_500
const ASK_AGAIN_MS = 2_000

export interface ReachMonitor {
  current(): Reach
  subscribe(listener: () => void): () => void
  /** A request or the socket got through. */
  heard(): void
  /** A request or the socket failed on the way (not: the agent refused it). */
  lost(): void
}

/**
 * Whether the agent can be reached. Requests report; while it is lost, `/health` is asked until it answers.
 *
 * @param ask resolves when the agent answered
 */
export function createReachMonitor(ask: () => Promise<void>): ReachMonitor {
  const listeners = new Set<() => void>()
  let reach: Reach = 'online'
  let timer: ReturnType<typeof setTimeout> | undefined

  const set = (next: Reach) => {
    if (next === reach) return
    reach = next
    for (const listener of listeners) listener()
  }
  const heard = () => {
    clearTimeout(timer)
    timer = undefined
    set('online')
  }
  const askAgain = () => {
    timer = setTimeout(
      () => {
        ask().then(heard, () => {
          set('offline')
          askAgain()
        })
      },
      reach === 'waking' ? BANNER_AFTER_MS : ASK_AGAIN_MS,
    )
  }
  const lost = () => {
    if (timer) return
    set('waking')
    askAgain()
  }
  globalThis.addEventListener?.('offline', lost)

  return {
    current: () => reach,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    heard,
    lost,
  }
}

export function useReach(monitor: ReachMonitor): Reach {
  return useSyncExternalStore(monitor.subscribe, monitor.current)
}
