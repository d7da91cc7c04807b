import { expect, test } from 'vitest'
import { isoText } from './iso-text.ts'

const DAY_MS = 86_400_000

test.each([
  ['the first moment', 0],
  ['before it', -1],
  ['the last of a day', DAY_MS - 1],
  ['the first of the next', DAY_MS],
  ['the first that a field takes', Date.parse('0001-01-01T00:00:00Z')],
  ['the last', Date.parse('9999-12-31T23:59:59.999Z')],
  ['a year of six digits', Date.UTC(12_345, 5, 6, 7, 8, 9, 10)],
  ['a year before the first', Date.UTC(-5, 5, 6, 7, 8, 9, 10)],
  ['the largest date there is', 8_640_000_000_000_000],
  ['the smallest', -8_640_000_000_000_000],
  ['minus zero', -0],
])('%s is written as toISOString does', (_name, ms) => {
  expect(isoText(new Date(ms))).toBe(new Date(ms).toISOString())
})

test('moments all over ten thousand years, more days than are kept, twice each', () => {
  const [first, last] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]
  for (let n = 0; n < 5_000; n += 1) {
    const date = new Date(first + Math.floor(((last - first) / 5_000) * n) + (n % 997))
    expect(isoText(date)).toBe(date.toISOString())
    expect(isoText(new Date(date.getTime() + 1))).toBe(new Date(date.getTime() + 1).toISOString())
  }
})

test('what is no date is refused as toISOString refuses it', () => {
  expect(() => isoText(new Date(Number.NaN))).toThrow(RangeError)
})
