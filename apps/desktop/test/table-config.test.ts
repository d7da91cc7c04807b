import type { Model } from '@m3m/core/client'
import { expect, test } from 'vitest'
import { layColumns } from '../src/renderer/features/data/grid/columns.ts'
import { configFrom, settingsOf } from '../src/renderer/features/data/table/table-config.ts'

const model = {
  fields: [
    { id: '1', key: 'title', type: 'string' },
    { id: '2', key: 'meta', type: 'document' },
    { id: '3', key: 'note', type: 'text' },
  ],
  table: { label: 'title' },
} as unknown as Model

test('a table that was never configured says what it does anyway, and is saved and read alike', () => {
  const settings = settingsOf(model)
  expect(settings.find(({ key }) => key === 'meta')).toMatchObject({ isSortable: false, isSearchable: null })
  const table = configFrom(settings, model.table)
  expect(table.label).toBe('title')
  expect(table.searchable).toBeUndefined()
  expect(settingsOf({ ...model, table })).toEqual(settings)
})

test('what is switched off is kept, and the table follows', () => {
  const settings = settingsOf(model).map((one) =>
    one.key === 'note' ? { ...one, isSearchable: false, isSortable: false, isShown: false } : one,
  )
  const table = configFrom(settings, model.table)
  expect(table.searchable).toEqual(['title'])
  const note = layColumns({ ...model, table }, table.columns as never).find(({ key }) => key === 'note')
  expect(note).toMatchObject({ isSortable: false, isHidden: true })
})
