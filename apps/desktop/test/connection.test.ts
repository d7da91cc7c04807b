import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { backoffMs } from '../src/renderer/app/connection/backoff.ts'
import {
  createKnownProcedures,
  LACKS,
  refusingUnknown,
} from '../src/renderer/app/connection/known-procedures.ts'
import { createReachMonitor } from '../src/renderer/app/connection/reach.ts'
import { PAGE_NEEDS, skewOf } from '../src/renderer/app/connection/skew.ts'
import { onWake } from '../src/renderer/app/connection/wake.ts'
import { describeError, isNetworkFailure } from '../src/renderer/app/errors/describe-error.ts'
import { PROCEDURE_RIGHTS } from '../../../packages/core/src/procedure-rights.ts'

afterEach(() => vi.useRealTimers())

describe('waiting before the next try', () => {
  const bounds = { firstMs: 300, lastMs: 5_000 }

  test('doubles up to a bound, with chance in its upper half', () => {
    const least = [0, 1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(attempt, bounds, () => 0))
    const most = [0, 1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(attempt, bounds, () => 1))
    expect(most).toEqual([300, 600, 1_200, 2_400, 4_800, 5_000, 5_000])
    expect(least).toEqual(most.map((ms) => ms / 2))
  })
})

describe('the reach of an agent that stays away', () => {
  test('is asked at growing distances, and at once when a person or the network says so', async () => {
    vi.useFakeTimers()
    const asked: number[] = []
    let isUp = false
    const monitor = createReachMonitor(async () => {
      asked.push(Date.now())
      if (!isUp) throw new Error('down')
    })
    monitor.askNow()
    expect(asked, 'online: there is nothing to ask').toEqual([])
    monitor.lost()
    await vi.advanceTimersByTimeAsync(120_000)
    const gaps = asked.slice(1).map((at, index) => at - asked[index]!)
    expect(gaps[0]).toBeLessThanOrEqual(1_500)
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(5_000)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(10_000)
    isUp = true
    monitor.askNow()
    await vi.advanceTimersByTimeAsync(0)
    expect(monitor.current()).toBe('online')
  })

  test('an answer to a question of an earlier loss counts for nothing', async () => {
    const answers: (() => void)[] = []
    const monitor = createReachMonitor(() => new Promise((resolve) => answers.push(resolve)))
    monitor.lost()
    monitor.askNow()
    monitor.heard()
    monitor.lost()
    answers[0]!()
    await Promise.resolve()
    expect(monitor.current()).toBe('waking')
    monitor.heard()
  })
})

test('a proxy that answers for an agent that is away is a network failure; a refusal of the agent is none', () => {
  const answered = (status: number, data?: object) =>
    Object.assign(new Error('Unexpected token <'), { meta: { response: { status } }, data })
  expect([502, 503, 504].map((status) => isNetworkFailure(answered(status)))).toEqual([true, true, true])
  expect(isNetworkFailure(answered(500))).toBe(false)
  expect(isNetworkFailure(answered(503, { code: 'SERVICE_UNAVAILABLE' }))).toBe(false)
})

test('waking is told when a timer is late by more than work can make it, and when the network is back', () => {
  vi.useFakeTimers()
  let now = 0
  let woken = 0
  const end = onWake(
    () => (woken += 1),
    () => now,
  )
  const passes = (ms: number) => {
    now += ms
    vi.advanceTimersByTime(5_000)
  }
  passes(5_000)
  passes(60_000)
  expect(woken).toBe(0)
  passes(3_600_000)
  expect(woken).toBe(1)
  end()
  passes(3_600_000)
  expect(woken).toBe(1)
})

describe('an agent of another version', () => {
  const data = { version: '0.1.0' }

  test('is told apart by its protocol, by what it lacks, and by having been replaced', () => {
    const facts = {
      kind: 'desktop',
      first: data,
      now: { version: '0.1.0', protocol: 2 },
      lacksPage: false,
    } as const
    expect(skewOf({ ...facts, now: null }, 2)).toBeNull()
    expect(skewOf(facts, 2)).toBeNull()
    expect(skewOf(facts, 3)).toBe('older')
    expect(skewOf(facts, 1)).toBe('newer')
    expect(skewOf({ ...facts, now: { version: '0.0.9' } }, 2)).toBe('older')
    expect(skewOf({ ...facts, lacksPage: true }, 2)).toBe('older')
    const replaced = { ...facts, kind: 'browser', now: { version: '0.2.0', protocol: 2 } } as const
    expect(skewOf(replaced, 2)).toBe('updated')
    expect(skewOf({ ...replaced, kind: 'desktop' }, 2)).toBeNull()
  })

  test('every page of the frame names a procedure that exists', () => {
    expect(Object.values(PAGE_NEEDS).filter((name) => PROCEDURE_RIGHTS[name] === undefined)).toEqual([])
  })

  const refusal = (message: string, app: object) =>
    TRPCClientError.from({ error: { message, code: -32004, data: { code: 'NOT_FOUND', app } } } as never)

  function clientOf(known: ReturnType<typeof createKnownProcedures>, error: unknown) {
    let sent = 0
    const agent: TRPCLink<never> = () => () =>
      observable((observer) => {
        sent += 1
        observer.error(error as never)
      })
    const client = createTRPCClient<never>({ links: [refusingUnknown<never>(known), agent] })
    const ask = async () => {
      const calls = client as unknown as { goals: { list: { query(): Promise<unknown> } } }
      return calls.goals.list.query().catch((reason: unknown) => describeError(reason).code)
    }
    return { ask, sent: () => sent }
  }

  test.each([
    refusal('This agent has no goals.list', { code: LACKS }),
    refusal('The API does not know this request: No procedure found on path "goals.list".', {
      code: 'API_REQUEST',
    }),
  ])(
    'an unknown procedure gives one code, and is not sent again until the agent lists it (%#)',
    async (error) => {
      const known = createKnownProcedures()
      const { ask, sent } = clientOf(known, error)
      expect([await ask(), await ask()]).toEqual([LACKS, LACKS])
      expect(sent()).toBe(1)
      expect([known.lacks('goals.list'), known.lacks('goals.create')]).toEqual([true, false])
      known.learn(['goals.list'])
      expect([known.lacks('goals.list'), known.lacks('goals.create')]).toEqual([false, true])
    },
  )

  test('another refusal passes as it is', async () => {
    const known = createKnownProcedures()
    const { ask } = clientOf(known, refusal('There is no such goal.', { code: 'GOAL_NOT_FOUND' }))
    expect(await ask()).toBe('GOAL_NOT_FOUND')
    expect(known.lacks('goals.list')).toBe(false)
  })
})
