import { freeze } from '../../sandbox/intrinsics.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { PHASES, type Phase } from './service.contract.ts'

type Callback = () => unknown

const callbacks: Record<Phase, Callback[]> = { boot: [], start: [], shutdown: [] }
const passed = new Set<Phase>()
let connected = false

export const room: SandboxRoom = (_lane, kernel) => {
  const register = (phase: Phase) => (callback: Callback) => {
    if (typeof callback !== 'function')
      throw kernel.error('SERVICE_ARGUMENT_INVALID', `"service.${phase}" expects a function.`)
    if (passed.has(phase))
      throw kernel.error(
        'SERVICE_PHASE_PASSED',
        `"service.${phase}" came too late: that phase is over; register at the top of the main file.`,
      )
    callbacks[phase].push(callback)
  }
  if (!connected) {
    connected = true
    for (const phase of PHASES) kernel.on(`service.${phase}`, () => runPhase(phase, kernel.guard))
  }
  const shutdown = register('shutdown')
  const { project, source, tag, runId, startedAtMs } = kernel.facts
  const info = freeze({
    project: freeze({ ...project }),
    source,
    tag,
    runId,
    startedAt: new Date(startedAtMs),
  })
  return { boot: register('boot'), start: register('start'), shutdown, shotdown: shutdown, info }
}

async function runPhase(phase: Phase, guard: (what: string, fn: () => unknown) => void): Promise<void> {
  // Callbacks registered by a callback of the same phase run too.
  for (let i = 0; i < callbacks[phase].length; i++) {
    const callback = callbacks[phase][i]!
    // One failing shutdown callback must not keep the others from running.
    if (phase === 'shutdown') await settled(callback, guard)
    else await callback()
  }
  passed.add(phase)
}

function settled(callback: Callback, guard: (what: string, fn: () => unknown) => void): Promise<void> {
  return new Promise((resolve) =>
    guard('A shutdown callback failed', async () => {
      try {
        await callback()
      } finally {
        resolve()
      }
    }),
  )
}
