import { expect, it } from 'vitest'
import { createHub } from './hub.ts'

interface State {
  of: string
  step: number
}

async function read<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

/** Everything is told before the reader takes its first value. */
async function readLate<T>(hub: ReturnType<typeof createHub<T>>, told: readonly T[]): Promise<T[]> {
  const all = read(
    hub.watch(new AbortController().signal, async () => {
      for (const value of told) hub.publish(value)
      hub.close()
      return []
    }),
  )
  return all
}

it('keeps the newest of every subject for a slow reader, however many there are', async () => {
  const told = Array.from({ length: 100 }, (_, index) => [
    { of: `p${index}`, step: 1 },
    { of: `p${index}`, step: 2 },
  ]).flat()
  const heard = await readLate(
    createHub<State>(({ of }) => of),
    told,
  )
  const last = new Map(heard.map(({ of, step }) => [of, step]))
  expect(last.size).toBe(100)
  expect([...new Set(last.values())]).toEqual([2])
})

it('is bounded where one subject tells much, and never tells old after new', async () => {
  const told = Array.from({ length: 1_000 }, (_, step) => ({ of: 'p', step }))
  const heard = await readLate(createHub<State>(), told)
  expect(heard.length).toBeLessThan(100)
  expect(heard.at(-1)?.step).toBe(999)
  expect(heard.map(({ step }) => step)).toEqual(heard.map(({ step }) => step).sort((a, b) => a - b))
})
