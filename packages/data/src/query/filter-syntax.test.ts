import { describe, expect, it } from 'vitest'
import { type FilterSyntax, readFilterSyntax } from './filter-syntax.schema.ts'
import { printFilter } from './print-filter.schema.ts'

/** Without places: those belong to one text. */
const bare = (tree: FilterSyntax): unknown =>
  JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'at' || key === 'operatorAt' ? undefined : value)),
  )

describe('the text of a filter', () => {
  it.each([
    '',
    'a = 1',
    'status = "open" && (price > 10 || owner.name ~ "ann")',
    'a = 1 && b = 2 || !(c != null and d ?~ "x")',
    '(a = 1 && b = 2) && c = 3',
    'tags ?= "a" && tags notIn ("b", \'c "quoted"\')',
    'at >= @monthStart && at < {:until} && id in {:ids}',
    'note ~ "tab\\t line\\n back\\\\slash" && gone isNotNull',
    'x in () || y = -1.5e3 || z = false',
  ])('comes back from its tree: %s', (text) => {
    const tree = readFilterSyntax(text)
    expect(bare(readFilterSyntax(printFilter(tree)))).toEqual(bare(tree))
  })

  it('knows where its conditions stand', () => {
    expect(readFilterSyntax('a = 1 && b > @now')).toMatchObject({
      nodes: [
        { at: 0, operatorAt: 2 },
        { at: 9, operatorAt: 11, values: [{ at: 13 }] },
      ],
    })
  })

  it('says where it is wrong, also on a later line', () => {
    const error = (text: string): unknown => {
      try {
        readFilterSyntax(text)
      } catch (thrown) {
        return (thrown as { position?: unknown }).position
      }
      return undefined
    }
    expect(error('a = ')).toEqual({ file: 'filter', line: 1, column: 5 })
    expect(error('a = 1 &&\n  b = c')).toEqual({ file: 'filter', line: 2, column: 7 })
    expect(error('a like 1')).toEqual({ file: 'filter', line: 1, column: 3 })
  })
})
