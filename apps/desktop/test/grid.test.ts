import { expect, test } from 'vitest'
import { NOTHING, toggleAll, toggleRow } from '../src/renderer/features/data/grid/selection.ts'
import { clickSort, sortKeys } from '../src/renderer/features/data/grid/sorting.ts'

const order = ['a', 'b', 'c', 'd']
const chosen = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].toSorted().join('')

test('a row is chosen and let go; with Shift so is everything up to it, in either direction', () => {
  const one = toggleRow(NOTHING, { id: 'b', order, isRange: false })
  expect(chosen(one)).toBe('b')
  const range = toggleRow(one, { id: 'd', order, isRange: true })
  expect(chosen(range)).toBe('bcd')
  expect(chosen(toggleRow(range, { id: 'a', order, isRange: true }))).toBe('abcd')
  expect(chosen(toggleRow(range, { id: 'c', order, isRange: false }))).toBe('bd')
})

test('a range from a row that is on another page is one row', () => {
  const before = toggleRow(NOTHING, { id: 'z', order: ['z'], isRange: false })
  expect(chosen(toggleRow(before, { id: 'c', order, isRange: true }))).toBe('cz')
})

test('the box in the head takes the page, then lets it go, and leaves other pages alone', () => {
  const other = toggleRow(NOTHING, { id: 'z', order: ['z'], isRange: false })
  const all = toggleAll(other, order)
  expect(chosen(all)).toBe('abcdz')
  expect(chosen(toggleAll(all, order))).toBe('z')
})

test('a column goes up, down, out; with Shift beside the others', () => {
  expect(clickSort(undefined, 'price', false)).toBe('price')
  expect(clickSort('price', 'price', false)).toBe('-price')
  expect(clickSort('-price', 'price', false)).toBeUndefined()
  expect(clickSort('-price', 'name', false)).toBe('name')
  expect(clickSort('-price', 'name', true)).toBe('-price,name')
  expect(clickSort('-price,name', 'name', true)).toBe('-price,-name')
  expect(clickSort('-price,-name', 'price', true)).toBe('-name')
  expect(sortKeys(' -a, b ,')).toEqual([
    { key: 'a', isDown: true },
    { key: 'b', isDown: false },
  ])
})
