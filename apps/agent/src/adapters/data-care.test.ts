import { createLogger, ManualClock, silentLogger } from '@m3m/base'
import type { RunEnd, RunSpec, SupervisedRun, Supervisor } from '@m3m/core'
import { expect, test } from 'vitest'
import { keepUp, repairAfterCrash } from './data-care.ts'

const HOUR_MS = 3_600_000
const failure = { code: 'RUN_CRASHED', message: 'gone', blame: 'host', status: 500 } as const

/** A supervisor at its port: a run that ends as it is told to. */
function oneRun() {
  const { promise: ended, resolve: end } = Promise.withResolvers<RunEnd>()
  const supervisor: Supervisor = {
    boot: async () => ({ ended }) as SupervisedRun,
    expect: () => () => {},
  }
  return { supervisor, end }
}

const boot = (supervisor: Supervisor) => supervisor.boot({ projectId: 'tea' } as RunSpec)

test.each<RunEnd>([
  { kind: 'crashed', error: failure },
  { kind: 'displaced', suspect: false, error: failure },
])('what a run left half-written is settled when it is $kind', async (end) => {
  const repaired = Promise.withResolvers<string | undefined>()
  const run = oneRun()
  const data = {
    async repair(projectId?: string) {
      repaired.resolve(projectId)
      return 1
    },
  }
  await boot(repairAfterCrash(run.supervisor, data, silentLogger))
  run.end(end)
  expect(await repaired.promise).toBe('tea')
})

test('a run that was stopped has left nothing', async () => {
  const repairs: unknown[] = []
  const run = oneRun()
  const data = { repair: async (projectId?: string) => repairs.push(projectId) }
  const { ended } = await boot(repairAfterCrash(run.supervisor, data, silentLogger))
  run.end({ kind: 'stopped' })
  await ended
  expect(repairs).toEqual([])
})

test('a repair that fails is told, and the run has ended all the same', async () => {
  const told = Promise.withResolvers<string>()
  const logger = createLogger(told.resolve)
  const run = oneRun()
  await boot(
    repairAfterCrash(run.supervisor, { repair: () => Promise.reject(new Error('no database')) }, logger),
  )
  run.end({ kind: 'crashed', error: failure })
  expect(await told.promise).toMatch(/could not be settled.*no database/)
})

test('the upkeep comes each hour, also after one that failed, never two at once, and ends', async () => {
  const clock = new ManualClock()
  const calls: PromiseWithResolvers<void>[] = []
  const data = {
    upkeep() {
      const call = Promise.withResolvers<void>()
      calls.push(call)
      return call.promise
    },
  }
  const care = keepUp(data, clock, silentLogger)
  clock.advance(HOUR_MS - 1)
  expect(calls).toHaveLength(0)
  clock.advance(1)
  expect(calls).toHaveLength(1)
  clock.advance(2 * HOUR_MS)
  expect(calls).toHaveLength(1)
  calls[0]!.reject(new Error('no database'))
  await expect.poll(() => (clock.advance(HOUR_MS), calls.length)).toBe(2)
  calls[1]!.resolve()
  care[Symbol.dispose]()
  clock.advance(5 * HOUR_MS)
  expect(calls).toHaveLength(2)
})
