import { expect, test } from 'vitest'
import { findDeclaration } from './member-declarations.ts'

const DTS = `
/** Options. */
interface ThingOptions {
  /** Milliseconds. */
  wait?: number
}

interface ThingBase {
  /** Goes. */
  go(): void
}

interface Item<T = { a: number }> {
  /** Finds it. */
  find(
    filter: string,
    options?: { deep?: boolean },
  ): Promise<T | null>
}

interface ThingModule extends ThingBase {
  /**
   * Gives it, or
   * nothing. @throws THING_LOST
   */
  get(name: string): string | null
  get(name: string, fallback: string): string
  set<T>(value: T): {
    before: T
  }
  readonly size: number
}
`

test('a member has all its overloads and the text above the first', () => {
  expect(findDeclaration(DTS, 'thing', 'get')).toEqual({
    signature: 'get(name: string): string | null\nget(name: string, fallback: string): string',
    doc: 'Gives it, or nothing. @throws THING_LOST',
  })
})

test('one of several lines is whole, one that is inherited is found, one of another interface by its path', () => {
  expect(findDeclaration(DTS, 'thing', 'set')).toEqual({
    signature: 'set<T>(value: T): {\n  before: T\n}',
    doc: '',
  })
  expect(findDeclaration(DTS, 'thing', 'size')?.signature).toBe('readonly size: number')
  expect(findDeclaration(DTS, 'thing', 'go')?.doc).toBe('Goes.')
  expect(findDeclaration(DTS, 'thing', 'item.find')?.signature).toBe(
    'find(\n  filter: string,\n  options?: { deep?: boolean },\n): Promise<T | null>',
  )
})

test('what is no member has none, and options of the same file are no members', () => {
  expect(findDeclaration(DTS, 'thing', 'wait')).toBeNull()
  expect(findDeclaration(DTS, 'thing', 'Errors')).toBeNull()
})
