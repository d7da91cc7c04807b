import { useSyncExternalStore } from 'react'
import { backoffMs } from './backoff.ts'

/** `waking`: lost a moment ago, not worth a banner yet. */
export type Reach = 'online' | 'waking' | 'offline'

/** A blink of the network, or an agent that restarts, needs no banner. */
const BANNER_AFTER_MS = 1_500
/** Between questions while it is away; who waits for it sees it back within ten seconds. */
const ASK_AGAIN = { firstMs: 1_500, lastMs: 10_000 }

export interface ReachMonitor {
  current(): Reach
  subscribe(listener: () => void): () => void
  /** A request or the socket got through. */
  heard(): void
  /** A request or the socket failed on the way (not: the agent refused it). */
  lost(): void
  /** Asks at once, when it is away: the network is back, or a person does not want to wait. */
  askNow(): void
}

/**
 * Whether the agent can be reached. Requests report; while it is lost, `ask` is called again and again, at growing
 * distances, until it answers.
 *
 * @param ask resolves when the agent answered
 */
export function createReachMonitor(ask: () => Promise<void>): ReachMonitor {
  const listeners = new Set<() => void>()
  let reach: Reach = 'online'
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Questions without an answer since it was lost. An answer to one of an earlier loss counts for nothing. */
  let asked = 0
  let loss = 0

  const set = (next: Reach) => {
    if (next === reach) return
    reach = next
    for (const listener of listeners) listener()
  }
  const heard = () => {
    clearTimeout(timer)
    timer = undefined
    loss += 1
    set('online')
  }
  const askNow = () => {
    if (reach === 'online') return
    clearTimeout(timer)
    const mine = loss
    ask().then(
      () => mine === loss && heard(),
      () => {
        if (mine !== loss) return
        set('offline')
        clearTimeout(timer)
        timer = setTimeout(askNow, backoffMs(asked++, ASK_AGAIN))
      },
    )
  }
  const lost = () => {
    if (reach !== 'online') return
    asked = 0
    set('waking')
    timer = setTimeout(askNow, BANNER_AFTER_MS)
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
    askNow,
  }
}

export function useReach(monitor: ReachMonitor): Reach {
  return useSyncExternalStore(monitor.subscribe, monitor.current)
}
