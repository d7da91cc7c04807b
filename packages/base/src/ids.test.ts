import { expect, test } from 'vitest'
import { isId, newId } from './ids.ts'

test('an id is 24 lower-case hex digits that begin with the second it was made in', () => {
  const id = newId(Date.UTC(2026, 0, 1))
  expect(isId(id)).toBe(true)
  expect(parseInt(id.slice(0, 8), 16)).toBe(Date.UTC(2026, 0, 1) / 1000)
})

test('ids of one moment differ', () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newId(0))).size).toBe(1_000)
})

test.each(['', 'x'.repeat(24), 'A'.repeat(24), 'a'.repeat(23), 7, null])('%s is no id', (value) => {
  expect(isId(value)).toBe(false)
})
