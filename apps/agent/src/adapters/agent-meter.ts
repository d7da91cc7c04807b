import { totalmem } from 'node:os'
import type { AgentFigures, AgentMeter } from '@m3m/core'

/**
 * How often the loop is asked whether it is late. (`monitorEventLoopDelay` of Node 26.10 does not see a loop
 * that was blocked once for 150 ms: tried.)
 */
const LOOK_MS = 50

/** Measures this process. Whoever makes it ends it. */
export function createAgentMeter(): Omit<AgentMeter, 'figures'> & { figures(): AgentFigures } & Disposable {
  let latestMs = 0
  let expected = performance.now() + LOOK_MS
  const timer = setInterval(() => {
    const now = performance.now()
    latestMs = Math.max(latestMs, now - expected)
    expected = now + LOOK_MS
  }, LOOK_MS)
  timer.unref()
  return {
    memoryBytes: totalmem(),
    figures() {
      const { user, system } = process.cpuUsage()
      const { rss, heapUsed } = process.memoryUsage()
      const lagMs = latestMs
      latestMs = 0
      return { cpuMs: (user + system) / 1_000, rssBytes: rss, heapBytes: heapUsed, lagMs }
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
