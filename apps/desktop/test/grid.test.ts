import type { Model } from '@m3m/core/client'
import { describe, expect, test } from 'vitest'
import {
  changeColumn,
  layColumns,
  moveColumn,
  savedColumns,
  stepColumn,
} from '../src/renderer/features/data/grid/columns.ts'
import { exportFilters, joinExports } from '../src/renderer/features/data/grid/export-set.ts'
import { movedBy } from '../src/renderer/features/data/grid/grid-keys.ts'
import {
  chooseRange,
  chosenCount,
  EVERYTHING,
  isChosen,
  NOTHING,
  toggleRow,
} from '../src/renderer/features/data/grid/selection.ts'
import { clickSort, sortKeys } from '../src/renderer/features/data/grid/sorting.ts'
import { pagesAround } from '../src/renderer/features/data/grid/window-pages.ts'

describe('chosen rows', () => {
  test('a row is chosen, and let go by a second click', () => {
    const once = toggleRow(NOTHING, { id: 'a', index: 3 })
    expect(isChosen(once, 'a')).toBe(true)
    expect(once.anchor).toBe(3)
    expect(isChosen(toggleRow(once, { id: 'a', index: 3 }), 'a')).toBe(false)
  })

  test('of everything, single rows are let go, and a range takes them back', () => {
    const without = toggleRow(EVERYTHING, { id: 'b', index: 1 })
    expect(isChosen(without, 'b')).toBe(false)
    expect(isChosen(without, 'never seen')).toBe(true)
    expect(chosenCount(without, 100_000)).toBe(99_999)
    expect(chosenCount(chooseRange(without, ['a', 'b']), 100_000)).toBe(100_000)
  })

  test('a range adds to what is chosen and leaves where it began', () => {
    const one = toggleRow(NOTHING, { id: 'a', index: 0 })
    const range = chooseRange(one, ['a', 'b', 'c'])
    expect([...range.ids]).toEqual(['a', 'b', 'c'])
    expect(range.anchor).toBe(0)
  })
})

describe('keys', () => {
  const bounds = { rows: 100_000, columns: 5, page: 20 }
  const press = (key: string, from: { row: number; column: number }, ctrlKey = false) =>
    movedBy({ key, ctrlKey, metaKey: false }, from, bounds)

  test('arrows go a cell, and stay inside', () => {
    expect(press('ArrowDown', { row: 0, column: 0 })).toEqual({ row: 1, column: 0 })
    expect(press('ArrowUp', { row: 0, column: 2 })).toEqual({ row: 0, column: 2 })
    expect(press('ArrowRight', { row: 7, column: 4 })).toEqual({ row: 7, column: 4 })
  })

  test('Home and End go in the row, with Ctrl in the list', () => {
    expect(press('End', { row: 7, column: 1 })).toEqual({ row: 7, column: 4 })
    expect(press('End', { row: 7, column: 1 }, true)).toEqual({ row: 99_999, column: 4 })
    expect(press('Home', { row: 7, column: 1 }, true)).toEqual({ row: 0, column: 0 })
  })

  test('a page goes as far as rows are seen, and other keys nowhere', () => {
    expect(press('PageDown', { row: 99_990, column: 1 })).toEqual({ row: 99_999, column: 1 })
    expect(press('PageUp', { row: 25, column: 1 })).toEqual({ row: 5, column: 1 })
    expect(press('a', { row: 0, column: 0 })).toBeNull()
  })
})

describe('columns', () => {
  const model = {
    fields: [
      { id: '1', key: 'title', type: 'string', label: 'Title' },
      { id: '2', key: 'price', type: 'float' },
      { id: '3', key: 'meta', type: 'document' },
    ],
    table: { columns: [{ key: 'price', sortable: false }] },
  } as unknown as Model
  const keys = (columns: { key: string; isHidden: boolean }[]) =>
    columns.filter(({ isHidden }) => !isHidden).map(({ key }) => key)

  test('a saved layout names the first columns; what it does not know stands behind, what is gone is left out', () => {
    const columns = layColumns(model, [
      { key: 'createdAt', width: 90 },
      { key: 'gone' },
      { key: 'title', hidden: true },
    ])
    expect(keys(columns)).toEqual(['createdAt', 'price', 'meta'])
    expect(columns[0]!.width).toBe(90)
    expect(columns.find(({ key }) => key === 'title')).toMatchObject({ isHidden: true, title: 'Title' })
  })

  test('a layout survives being saved and read again', () => {
    const columns = changeColumn(moveColumn(layColumns(model, []), 'price', 'title'), 'meta', {
      isHidden: true,
    })
    expect(layColumns(model, savedColumns(columns))).toEqual(columns)
  })

  test('a step passes over hidden columns', () => {
    const columns = changeColumn(layColumns(model, []), 'price', { isHidden: true })
    expect(keys(stepColumn(columns, 'title', 1))).toEqual(['meta', 'title', 'createdAt'])
  })

  test('documents are not sorted, nor what the table says is not', () => {
    const sortable = layColumns(model, []).filter(({ isSortable }) => isSortable)
    expect(sortable.map(({ key }) => key)).toEqual(['title', 'id', 'createdAt', 'updatedAt', 'version'])
  })

  test('windows: the first for its count, those that are seen, then where the scroll goes', () => {
    expect(pagesAround({ start: 0, end: 30, isDown: true }, 0)).toEqual([1])
    expect(pagesAround({ start: 0, end: 30, isDown: true }, 1_000)).toEqual([1, 2, 3])
    expect(pagesAround({ start: 5_080, end: 5_110, isDown: true }, 100_000)).toEqual([1, 51, 52, 53, 54, 50])
    expect(pagesAround({ start: 5_000, end: 5_030, isDown: false }, 100_000)).toEqual([1, 51, 50, 49, 52])
    expect(pagesAround({ start: 99_980, end: 100_000, isDown: true }, 100_000)).toEqual([1, 1000, 999])
  })
})

describe('exports', () => {
  test('all that matches is one request; what is chosen comes by its ids', () => {
    expect(exportFilters('price > 1', undefined)).toEqual(['price > 1'])
    expect(exportFilters('', EVERYTHING)).toEqual([''])
    expect(exportFilters('price > 1', { ...EVERYTHING, ids: new Set(['a']) })).toEqual([
      '(price > 1) && id notIn ("a")',
    ])
    const ids = Array.from({ length: 450 }, (_, index) => `id${index}`)
    const parts = exportFilters('price > 1', { ...NOTHING, ids: new Set(ids) })
    expect(parts).toHaveLength(3)
    expect(parts[2]).toMatch(/^id in \("id400", .*"id449"\)$/)
  })

  test('parts become one file with one heading, one list', async () => {
    const csv = await joinExports('csv', [new Blob(['id,a\r\n1,x\r\n']), new Blob(['id,a\r\n2,y\r\n'])])
    expect(await csv.text()).toBe('id,a\r\n1,x\r\n2,y\r\n')
    const json = await joinExports('json', [new Blob(['[{"id":1}]']), new Blob(['[{"id":2}]'])])
    expect(JSON.parse(await json.text())).toEqual([{ id: 1 }, { id: 2 }])
  })
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
