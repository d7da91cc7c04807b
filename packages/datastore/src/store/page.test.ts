import { expect, test } from 'vitest'
import { takePage } from './page.ts'

const KEY = new Uint8Array(1)
const rows = (count: number, doc: Uint8Array | null) =>
  Array.from({ length: count }, (_, rid) => [rid, doc, KEY])

test('a page ends with its rows, at its limit, or with the document that makes it too large', () => {
  const read: number[] = []
  const large = (rid: number) => {
    read.push(rid)
    return new Uint8Array(3_000_000)
  }
  expect(takePage(rows(3, new Uint8Array(10)), 5, large)).toMatchObject({ found: { length: 3 }, more: false })
  expect(takePage(rows(5, new Uint8Array(10)), 5, large)).toMatchObject({ found: { length: 5 }, more: true })
  expect(takePage(rows(100, null), 100, large)).toMatchObject({ found: { length: 2 }, more: true })
  // What is not taken is not read either.
  expect(read).toEqual([0, 1])
})
