import { printFilter, readFilterSyntax, type Model } from '@m3m/core/client'
import { describe, expect, test } from 'vitest'
import { checkFilter, fieldAt } from '../src/renderer/features/data/filter/check-filter.ts'
import { completionsAt } from '../src/renderer/features/data/filter/completions.ts'
import { filterExample } from '../src/renderer/features/data/filter/filter-example.ts'
import { operatorsFor } from '../src/renderer/features/data/filter/filter-operators.ts'
import {
  asGroup,
  changeAt,
  literal,
  negated,
  newCondition,
  withOperator,
} from '../src/renderer/features/data/filter/filter-tree.ts'

const owners = {
  slug: 'owners',
  fields: [{ key: 'name', type: 'string' }],
  table: {},
} as unknown as Model
const orders = {
  slug: 'orders',
  fields: [
    { key: 'title', type: 'string' },
    { key: 'price', type: 'float' },
    { key: 'status', type: 'select', options: ['open', 'paid "cash"'] },
    { key: 'owner', type: 'ref', refModel: 'owners' },
    { key: 'tags', type: 'multiselect', options: ['a', 'b'] },
    { key: 'paidAt', type: 'datetime' },
    { key: 'meta', type: 'document' },
  ],
  table: {},
} as unknown as Model
const models = [orders, owners]
const check = (text: string) =>
  checkFilter(text, { model: orders, models, unknown: ({ field }) => `no ${field}` })
const texts = (before: string) => completionsAt(before, orders, models).items.map(({ text }) => text)

describe('the builder changes what the parser read', () => {
  const source = 'status = "open" && (price > 10 || owner.name ~ "ann") && !(title isNull)'
  const tree = asGroup(readFilterSyntax(source))

  test('what is not touched is printed as it was', () => {
    expect(printFilter(changeAt(tree, [0], (node) => node))).toBe(source)
  })

  test('a condition inside a group goes, and behind a negation too', () => {
    expect(printFilter(changeAt(tree, [1, 0], () => null))).toBe(
      'status = "open" && (owner.name ~ "ann") && !(title isNull)',
    )
    expect(printFilter(changeAt(tree, [2], negated))).toBe(
      'status = "open" && (price > 10 || owner.name ~ "ann") && title isNull',
    )
  })

  test('a new condition begins with the operator and value of its type, and reads back', () => {
    for (const field of orders.fields) {
      const text = printFilter(newCondition(field))
      expect(check(text).problem).toBeNull()
      for (const operator of operatorsFor(field)) {
        const changed = printFilter(withOperator(newCondition(field), operator, field))
        expect(check(changed).problem).toBeNull()
      }
    }
  })

  test('a value stays when the operator changes and it still has a place', () => {
    const price = orders.fields[1]!
    const many = withOperator({ ...newCondition(price), values: [literal(7)] }, 'in', price)
    expect(printFilter(many)).toBe('price in (7)')
    expect(printFilter(withOperator(many, '<', price))).toBe('price < 7')
    expect(printFilter(withOperator(many, 'isNull', price))).toBe('price isNull')
  })

  test('quotes and backslashes of a value come through', () => {
    const title = orders.fields[0]!
    const text = printFilter({ ...newCondition(title), values: [literal('a "b" \\ c')] })
    expect(readFilterSyntax(text)).toMatchObject({ values: [{ value: 'a "b" \\ c' }] })
  })
})

describe('complaints', () => {
  test('stand where the text is wrong', () => {
    expect(check('price > 10 && nothing = 1').problem).toEqual({ message: 'no nothing', at: 14 })
    expect(check('price >').problem).toMatchObject({ at: 7 })
    expect(check('price > 10 $ 3').problem).toMatchObject({ at: 11 })
    expect(check('owner.age = 1').problem).toMatchObject({ at: 0 })
    expect(check('').problem).toBeNull()
  })

  test('names go through refs and documents', () => {
    expect(fieldAt('owner.name', orders, models)?.type).toBe('string')
    expect(fieldAt('meta.any.thing', orders, models)?.type).toBe('string')
    expect(fieldAt('title.x', orders, models)).toBeUndefined()
    expect(fieldAt('constructor', orders, models)).toBeUndefined()
  })
})

describe('completion', () => {
  test('of fields where one begins, and behind a ref', () => {
    expect(texts('pr')).toEqual(['price'])
    expect(texts('price > 1 && st')).toEqual(['status'])
    expect(texts('(ti')).toEqual(['title'])
    expect(texts('owner.')).toContain('owner.name')
  })

  test('of the operators of the type, after a name and a space', () => {
    expect(texts('price ')).toEqual([...operatorsFor(orders.fields[1]!)])
    expect(texts('status is')).toEqual(['isNull', 'isNotNull'])
    expect(texts('tags ')).toContain('?=')
  })

  test('of values: options in quotes, moments', () => {
    expect(texts('status = ')).toEqual(['"open"', '"paid \\"cash\\""'])
    expect(texts('status = "op')).toEqual(['"open"'])
    expect(texts('status in ("open", ')).toContain('"open"')
    expect(texts('paidAt > @to')).toEqual(['@todayStart', '@todayEnd', '@tomorrow'])
    expect(texts('paidAt > ')).toContain('@now')
  })

  test('of what joins, after a whole condition; and nothing inside other quotes', () => {
    expect(texts('price > 10 ')).toEqual(['&&', '||'])
    expect(texts('title = "price ')).toEqual([])
  })
})

describe('the example where a filter is typed', () => {
  test('names fields of the model, and is a filter that it takes', () => {
    expect(filterExample(orders)).toBe('status = "open" && price > 10')
    expect(check(filterExample(orders)).problem).toBeNull()
  })
  test('of any model, also of one without fields', () => {
    expect(filterExample(owners)).toBe('name ~ "tea"')
    const example = filterExample({ fields: [] })
    const checked = checkFilter(example, { model: { ...orders, fields: [] }, models, unknown: String })
    expect(checked.problem).toBeNull()
  })
})
