import { expect, it } from 'vitest'
import { createAgentMeter } from './agent-meter.ts'

it('measures this process: its CPU time grows, a blocked loop is late', async () => {
  using meter = createAgentMeter()
  const before = meter.figures()
  const until = performance.now() + 200
  while (performance.now() < until);
  await expect.poll(() => meter.figures().lagMs, { interval: 10 }).toBeGreaterThan(50)
  const after = meter.figures()
  expect(after.cpuMs - before.cpuMs).toBeGreaterThan(10)
  expect(after.rssBytes).toBeGreaterThan(after.heapBytes)
  expect(meter.memoryBytes).toBeGreaterThan(after.rssBytes)
})
