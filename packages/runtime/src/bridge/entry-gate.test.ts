import { expect, test, vi } from 'vitest'
import { EntryGate, type Entrant } from './entry-gate.ts'

/** Entrants that write down when it is their turn. */
function crowd(...names: string[]) {
  const admitted: string[] = []
  const entrants = names.map((name): Entrant => ({ admitted: () => void admitted.push(name) }))
  return { admitted, entrants }
}

test('no more than its width are inside; the others follow in the order they came', () => {
  const gate = new EntryGate(2)
  const { admitted, entrants } = crowd('a', 'b', 'c', 'd')
  for (const entrant of entrants) gate.ask(entrant)
  expect(admitted).toEqual(['a', 'b'])
  gate.leave(entrants[1]!)
  expect(admitted).toEqual(['a', 'b', 'c'])
  gate.leave(entrants[0]!)
  expect(admitted).toEqual(['a', 'b', 'c', 'd'])
})

test('who asks again right after leaving comes after those that wait', () => {
  const gate = new EntryGate(1)
  const { admitted, entrants } = crowd('a', 'b')
  for (const entrant of entrants) gate.ask(entrant)
  gate.leave(entrants[0]!)
  gate.ask(entrants[0]!)
  gate.leave(entrants[1]!)
  expect(admitted).toEqual(['a', 'b', 'a'])
})

test('who changes its mind lets the next one in', () => {
  const gate = new EntryGate(1)
  const { admitted, entrants } = crowd('a', 'b')
  const fickle: Entrant = { admitted: () => gate.leave(fickle) }
  gate.ask(entrants[0]!)
  gate.ask(fickle)
  gate.ask(entrants[1]!)
  gate.leave(entrants[0]!)
  expect(admitted).toEqual(['a', 'b'])
})

test('those that never come back keep nobody out', async () => {
  const gate = new EntryGate(2)
  const { admitted, entrants } = crowd('a', 'b', 'c', 'd', 'e', 'f')
  for (const entrant of entrants) gate.ask(entrant)
  await vi.waitFor(() => expect(admitted).toEqual(['a', 'b', 'c', 'd', 'e', 'f']))
})

test('who stands still makes room, and goes on without waiting', () => {
  const gate = new EntryGate(1)
  const { admitted, entrants } = crowd('a', 'b', 'c')
  const [a, b, c] = entrants as [Entrant, Entrant, Entrant]
  gate.ask(a)
  gate.ask(b)
  gate.leave(a)
  gate.resume(a)
  gate.leave(b)
  gate.ask(c)
  expect(admitted).toEqual(['a', 'b'])
  gate.leave(a)
  expect(admitted).toEqual(['a', 'b', 'c'])
})
