import { AppError, silentLogger } from '@m3m/base'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallContext, HostCall } from '../module/define-module.ts'
import { MAX_CALLS_IN_FLIGHT } from '../sandbox/wire.contract.ts'
import { HostCalls, type CallOrder, type Settled } from './host-calls.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** Calls with these host halves; `run` gives what each came to, in the order of settling. */
function open(calls: Record<string, HostCall>) {
  const settled: [name: string, settled: Settled][] = []
  const host = new HostCalls({
    calls: new Map(Object.entries(calls)),
    longestMs: 60_000,
    enter: async (event) => `entered ${event}`,
    onLimit: () => {},
    logger: silentLogger,
  })
  const run = (name: string, order: Partial<CallOrder> = {}) =>
    host.run({ name, args: [], remainingMs: 0, ...order }, (result) => settled.push([name, result]))
  return { host, run, settled }
}

const never = (seen: CallContext[]): HostCall => {
  return (_args, call) => {
    seen.push(call)
    return new Promise(() => {})
  }
}

const codeOf = ({ value }: Settled): unknown => (value as { code?: unknown }).code

test('answers of every kind settle once, as values or as data of an error', async () => {
  const { run, settled } = open({
    now: () => 1,
    later: async () => 2,
    like: () => ({ then: (resolve: (value: unknown) => void) => resolve(3) }),
    refuses: () => {
      throw new AppError({ code: 'STORAGE_QUOTA', blame: 'user', status: 413, message: 'full' })
    },
    breaks: async () => {
      throw new Error('secret')
    },
  })
  for (const name of ['now', 'later', 'like', 'refuses', 'breaks', 'missing']) run(name)
  run('now', { args: 'no list' })
  await vi.advanceTimersByTimeAsync(0)
  const of = (name: string) => settled.filter(([each]) => each === name).map(([, result]) => result)
  expect(of('now')).toEqual([{ ok: true, value: 1 }, expect.objectContaining({ ok: false })])
  expect(of('later')).toEqual([{ ok: true, value: 2 }])
  expect(of('like')).toEqual([{ ok: true, value: 3 }])
  expect(of('refuses').map(codeOf)).toEqual(['STORAGE_QUOTA'])
  expect(of('breaks').map(codeOf)).toEqual(['RUNTIME_INTERNAL'])
  expect(JSON.stringify(of('breaks'))).not.toContain('secret')
  expect(of('missing').map(codeOf)).toEqual(['SERVICE_CALL_UNKNOWN'])
})

test('each call ends at its own deadline, whichever was begun first, and an answer after it is nothing', async () => {
  const seen: CallContext[] = []
  const answer = Promise.withResolvers<unknown>()
  const { run, settled } = open({ long: never(seen), short: never(seen), late: () => answer.promise })
  run('long', { remainingMs: 5_000 })
  run('short', { remainingMs: 40 })
  run('late', { remainingMs: 100 })
  const [long, short] = seen as [CallContext, CallContext]
  expect(short.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(50)
  expect(settled.map(([name, result]) => [name, codeOf(result)])).toEqual([['short', 'SERVICE_CALL_TIMEOUT']])
  expect(short.signal.aborted).toBe(true)
  expect(short.remainingMs).toBe(0)
  await vi.advanceTimersByTimeAsync(60)
  answer.resolve('too late')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(settled.map(([name]) => name)).toEqual(['short', 'late'])
  expect(long.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(settled.map(([name]) => name)).toEqual(['short', 'late', 'long'])
})

test('without a request the longest time holds, and a request never gives more than that', async () => {
  const { run, settled } = open({ a: never([]), b: never([]) })
  run('a')
  run('b', { remainingMs: 10_000_000 })
  await vi.advanceTimersByTimeAsync(59_000)
  expect(settled).toEqual([])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(settled.map(([name]) => name)).toEqual(['a', 'b'])
})

test('the end of the run aborts signals, also those that are asked for after it', () => {
  const seen: CallContext[] = []
  const { host, run } = open({ a: never(seen), b: never(seen) })
  run('a')
  run('b')
  const { signal } = seen[0]!
  host.abort()
  expect([signal.aborted, seen[1]!.signal.aborted]).toEqual([true, true])
})

test('only so many are under way at once, and places become free', async () => {
  const answers: ((value: unknown) => void)[] = []
  const { run, settled } = open({ wait: () => new Promise((resolve) => answers.push(resolve)) })
  for (let i = 0; i <= MAX_CALLS_IN_FLIGHT + 1; i++) run('wait')
  expect(settled.map(([, result]) => codeOf(result))).toEqual(['SERVICE_LIMIT_REACHED'])
  answers[0]!(1)
  await vi.advanceTimersByTimeAsync(0)
  run('wait')
  expect(answers.length).toBe(MAX_CALLS_IN_FLIGHT + 2)
})

test('a call enters the service only where that is not waiting for it', async () => {
  const enter: HostCall = (_args, { enter }) => enter('a.b', [])
  const { run, settled } = open({ enter })
  run('enter')
  run('enter', { blocking: true })
  await vi.advanceTimersByTimeAsync(0)
  expect(settled.map(([, { ok, value }]) => (ok ? value : codeOf({ ok, value })))).toEqual([
    'entered a.b',
    'SERVICE_WOULD_WAIT_FOR_ITSELF',
  ])
})
