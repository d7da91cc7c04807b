import { expect, test } from 'vitest'
import { createHeavyWork } from './heavy-work.host.ts'

/** Work that ends when it is told to, and what has begun. */
function bench() {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name)
      ends.set(name, () => resolve(name))
    })
  const end = async (name: string) => {
    ends.get(name)!()
    for (let i = 0; i < 5; i++) await Promise.resolve()
  }
  return { begun, work, end }
}

test('a flood of one service takes two turns at once and leaves one to its neighbour', async () => {
  const { begun, work, end } = bench()
  const flood = createHeavyWork()
  const neighbour = createHeavyWork()
  const all = Array.from({ length: 5 }, (_, i) => flood(work(`f${i}`)))
  const one = neighbour(work('n'))
  await Promise.resolve()
  expect(begun).toEqual(['f0', 'f1', 'n'])
  await end('n')
  expect(await one).toBe('n')
  // The third turn is not the flood's: it has two already.
  expect(begun).toEqual(['f0', 'f1', 'n'])
  for (const name of ['f0', 'f1', 'f2', 'f3', 'f4']) await end(name)
  expect(await Promise.all(all)).toEqual(['f0', 'f1', 'f2', 'f3', 'f4'])
})

test('services that wait are served in turns, whatever the length of their lines', async () => {
  const { begun, work, end } = bench()
  const [a, b, c] = [createHeavyWork(), createHeavyWork(), createHeavyWork()]
  const all = [
    a(work('a1')),
    a(work('a2')),
    b(work('b1')),
    a(work('a3')),
    a(work('a4')),
    b(work('b2')),
    c(work('c1')),
  ]
  await Promise.resolve()
  expect(begun).toEqual(['a1', 'a2', 'b1'])
  for (const name of ['a1', 'b1', 'a2', 'a3']) await end(name)
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2', 'c1', 'a4'])
  for (const name of ['a4', 'b2', 'c1']) await end(name)
  await Promise.all(all)
})

test('what nobody waits for any more does not begin, and a failure makes room', async () => {
  const { begun, work, end } = bench()
  const line = createHeavyWork()
  const stop = new AbortController()
  const failing = line(() => Promise.reject(new Error('it failed')))
  const running = line(work('a'))
  const given = line(work('b'), stop.signal)
  stop.abort(new Error('the request is over'))
  await expect(given).rejects.toThrow('the request is over')
  await expect(failing).rejects.toThrow('it failed')
  await expect(line(work('c'), stop.signal)).rejects.toThrow('the request is over')
  const next = line(work('d'))
  await Promise.resolve()
  expect(begun).toEqual(['a', 'd'])
  for (const name of ['a', 'd']) await end(name)
  await Promise.all([running, next])
})
