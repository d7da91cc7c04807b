import type { DataRecord, Field, Model } from '@m3m/core/client'
import { describe, expect, test } from 'vitest'
import { problemsByField } from '../src/renderer/features/data/form/field-problems.ts'
import { configOf, formSections, layoutItems } from '../src/renderer/features/data/form/form-layout.ts'
import {
  draftKey,
  pruneDrafts,
  readDraft,
  writeDraft,
} from '../src/renderer/features/data/form/record-drafts.ts'
import {
  conflictsOf,
  copyOf,
  isDirty,
  newEdit,
  rebase,
  restoredEdit,
  sentData,
  shownValue,
  unfinishedKeys,
  withChange,
} from '../src/renderer/features/data/form/record-edit.ts'
import { labelKeyOf, recordLabel } from '../src/renderer/features/data/record-label.ts'
import { changesOf } from '../src/renderer/features/data/revisions/revision-changes.ts'
import { textDiff } from '../src/renderer/features/data/revisions/text-diff.ts'
import { widgetOf, widgetsFor } from '../src/renderer/features/data/widgets/widget-kinds.ts'

const fields: (Field & { id: string })[] = [
  { id: '1', key: 'title', type: 'string', unique: true },
  { id: '2', key: 'price', type: 'float', default: 5 },
  { id: '3', key: 'notes', type: 'text', nullable: true },
  { id: '4', key: 'meta', type: 'document' },
  { id: '5', key: 'changedAt', type: 'autodate' },
]
const [title, price, notes, meta] = fields as [Field, Field, Field, Field]
const model = { fields, form: {}, table: {} } as unknown as Model
const record = (values: Record<string, unknown>, version = 1): DataRecord => ({
  id: 'r1',
  _id: 'r1',
  createdAt: '',
  updatedAt: '',
  version,
  title: 'a',
  price: 1,
  notes: null,
  meta: null,
  changedAt: '2026-01-01T00:00:00.000Z',
  ...values,
})

/** As localStorage. */
const store = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size
    },
  }
}

describe('the edit of a record', () => {
  test('sends what was changed and nothing else; back to what was there is no change', () => {
    let edit = withChange(newEdit(record({})), title, 'b')
    edit = withChange(edit, price, 2)
    edit = withChange(edit, price, 1)
    expect(sentData(model, edit)).toEqual({ title: 'b' })
    expect(isDirty(withChange(edit, title, 'a'))).toBe(false)
  })

  test('tells null from empty, and leaves the default of a new record to the agent', () => {
    const fresh = newEdit(null)
    expect(shownValue(fresh, price)).toBe(5)
    expect(shownValue(fresh, notes)).toBeUndefined()
    expect(sentData(model, fresh)).toEqual({})
    expect(sentData(model, withChange(fresh, price, null))).toEqual({ price: null })
    expect(sentData(model, withChange(newEdit(record({})), notes, ''))).toEqual({ notes: '' })
  })

  test('knows a document that is no JSON yet', () => {
    expect(unfinishedKeys(model, withChange(newEdit(record({})), meta, '{"a":'))).toEqual(['meta'])
    expect(unfinishedKeys(model, withChange(newEdit(record({})), meta, { a: 1 }))).toEqual([])
  })

  test('is copied without what must be unique and what the system sets', () => {
    expect(copyOf(model, record({ notes: 'n' }))).toEqual({ price: 1, notes: 'n' })
  })
})

describe('two editors of one record', () => {
  const mine = withChange(withChange(newEdit(record({})), title, 'mine'), notes, 'my note')
  const theirs = record({ title: 'theirs', price: 9 }, 2)

  test('clash where both changed a field to different values', () => {
    const found = conflictsOf(model, mine, theirs).map(({ field, isClash }) => [field.key, isClash])
    expect(found).toEqual([
      ['title', true],
      ['price', false],
    ])
    expect(conflictsOf(model, withChange(newEdit(record({})), title, 'theirs'), theirs)[0]?.isClash).toBe(
      false,
    )
  })

  test('get the values that were chosen, on top of the newer version', () => {
    const kept = rebase(mine, theirs, new Set(['title']))
    expect(kept.base?.version).toBe(2)
    expect(sentData(model, kept)).toEqual({ title: 'mine', notes: 'my note' })
    expect(shownValue(kept, price)).toBe(9)
    expect(sentData(model, rebase(mine, theirs, new Set()))).toEqual({ notes: 'my note' })
    expect(sentData(model, rebase(mine, theirs, new Set(['price'])))).toEqual({ price: 1, notes: 'my note' })
  })
})

describe('drafts', () => {
  test('are found again, forgotten after two weeks, and nothing else is', () => {
    const box = store()
    const key = draftKey('p', 'm', null)
    writeDraft(box, key, { version: null, base: null, at: 1_000, changes: { title: 'x' } })
    box.setItem('m3m.theme', '"dark"')
    expect(readDraft(box, key)?.changes).toEqual({ title: 'x' })
    pruneDrafts(box, 1_000 + 13 * 86_400_000)
    expect(readDraft(box, key)).not.toBeNull()
    pruneDrafts(box, 1_000 + 15 * 86_400_000)
    expect([readDraft(box, key), box.length]).toEqual([null, 1])
  })

  test('that were damaged are none, and huge ones are not kept', () => {
    const box = store()
    box.setItem('m3m.draft.record.p.m.new', '{"at":')
    expect(readDraft(box, 'm3m.draft.record.p.m.new')).toBeNull()
    writeDraft(box, 'k', { version: 1, base: null, at: 1, changes: { title: 'x'.repeat(400_000) } })
    expect(box.getItem('k')).toBeNull()
  })
})

describe('the form of a model', () => {
  const form = {
    fields: [
      { key: 'notes', group: 'Main', widget: 'markdown' },
      { key: 'title', group: 'Main', width: 'half' as const },
      { key: 'price', hidden: true },
      { key: 'gone' },
    ],
  }

  test('has the order, groups and widgets of its config; what is new comes last, what is hidden is out', () => {
    const sections = formSections({ fields, form })
    expect(
      sections.map(({ title: heading, fields: under }) => [heading, under.map(({ field }) => field.key)]),
    ).toEqual([
      ['Main', ['notes', 'title']],
      [null, ['meta', 'changedAt']],
    ])
    expect(sections[0]?.fields[0]?.widget).toBe('markdown')
    expect(sections[0]?.fields[1]?.isHalf).toBe(true)
  })

  test('is saved as it was read', () => {
    const items = layoutItems({ fields, form })
    expect(
      items.filter(({ kind }) => kind === 'group').map((item) => (item.kind === 'group' ? item.title : '')),
    ).toEqual(['Main', ''])
    expect(configOf(items, form).fields).toEqual([
      { key: 'notes', widget: 'markdown', group: 'Main' },
      { key: 'title', width: 'half', group: 'Main' },
      { key: 'price', hidden: true },
      { key: 'meta' },
      { key: 'changedAt' },
    ])
  })

  test('gives each type a widget, and falls back when the chosen one does not fit', () => {
    for (const type of [
      'string',
      'text',
      'number',
      'float',
      'bool',
      'date',
      'datetime',
      'select',
      'multiselect',
      'email',
      'url',
      'ref',
      'document',
      'file',
      'autodate',
    ] as const)
      expect(widgetsFor({ key: 'x', type }).length).toBeGreaterThan(0)
    expect(widgetOf({ key: 'x', type: 'number' }, 'slider')).toBe('input')
    expect(widgetOf({ key: 'x', type: 'number', min: 0, max: 9 }, 'slider')).toBe('slider')
    expect(widgetOf({ key: 'x', type: 'text', format: 'html' }, undefined)).toBe('richtext')
  })
})

test('a record is called by the chosen field, else by its first text, else by its id', () => {
  expect(labelKeyOf({ fields, table: { label: 'notes' } })).toBe('notes')
  expect(recordLabel({ fields, table: {} }, record({ title: ' two\nlines ' }))).toBe('two lines')
  expect(recordLabel({ fields, table: {} }, record({ title: '' }))).toBe('r1')
})

test('what the agent says of fields is found by their keys, and by the place inside', () => {
  const error = {
    data: {
      app: {
        code: 'RECORD_INVALID',
        fields: {
          'size.width': { code: 'X', message: 'small' },
          title: { code: 'Y', message: 'long' },
          'tags.2': { code: 'Z', message: 'no' },
        },
      },
    },
  }
  expect(Object.fromEntries(problemsByField(error))).toEqual({
    size: { width: 'small' },
    title: { '': 'long' },
    tags: { '2': 'no' },
  })
  expect(problemsByField(null).size).toBe(0)
})

test('a revision says what it changed, also of a field that is gone', () => {
  const base = { type: 'update' as const, at: '', actor: { kind: 'apiKey' as const, id: 'x' }, changed: [] }
  const one = { ...base, version: 1, type: 'insert' as const, record: { title: 'a', old: 1, version: 1 } }
  const two = { ...base, version: 2, record: { title: 'b', old: 2, notes: null, version: 2 } }
  expect(changesOf(model, two, one).map(({ field, before, after }) => [field.key, before, after])).toEqual([
    ['title', 'a', 'b'],
    ['old', 1, 2],
  ])
  expect(changesOf(model, one, undefined).map(({ field }) => field.key)).toEqual(['title', 'old'])
  expect(changesOf(model, { ...two, version: 3, type: 'delete' }, two)[0]).toMatchObject({
    before: 'b',
    after: null,
  })
})

describe('texts are compared by words', () => {
  test('and only what differs is marked', () => {
    expect(textDiff('Wash by hand, then dry.', 'Wash by machine, then dry.')).toEqual([
      { kind: 'same', text: 'Wash by ' },
      { kind: 'removed', text: 'hand' },
      { kind: 'added', text: 'machine' },
      { kind: 'same', text: ', then dry.' },
    ])
    expect(textDiff('same', 'same')).toEqual([{ kind: 'same', text: 'same' }])
    expect(textDiff('', 'new')).toEqual([{ kind: 'added', text: 'new' }])
  })

  test('both texts can be read out of the comparison, however long', () => {
    const before = Array.from({ length: 3_000 }, (_, n) => `a${n % 7}`).join(' ')
    const after = Array.from({ length: 3_000 }, (_, n) => `b${n % 5}`).join(' ')
    const parts = textDiff(before, after)
    expect(
      parts
        .filter(({ kind }) => kind !== 'added')
        .map(({ text }) => text)
        .join(''),
    ).toBe(before)
    expect(
      parts
        .filter(({ kind }) => kind !== 'removed')
        .map(({ text }) => text)
        .join(''),
    ).toBe(after)
  })
})

describe('a draft that is gone on with', () => {
  const changes = { title: 'mine' }

  test('stands on what it was typed over: what somebody saved since then is a conflict, not lost', () => {
    const before = record({ title: 'a' }, 1)
    const now = record({ title: 'theirs', price: 2 }, 2)
    const edit = restoredEdit(now, { version: 1, base: before, changes })
    expect(edit).toEqual({ base: before, changes })
    expect(conflictsOf(model, edit, now).map(({ field, isClash }) => [field.key, isClash])).toEqual([
      ['title', true],
      ['price', false],
    ])
    // Where what it was typed over was too long to be kept, the agent still refuses the older version.
    expect(restoredEdit(now, { version: 1, base: null, changes }).base?.version).toBe(1)
  })

  test('stands on the record as it is when nobody touched it, and on nothing when it is new', () => {
    const now = record({}, 3)
    expect(restoredEdit(now, { version: 3, base: record({}, 3), changes }).base).toBe(now)
    expect(restoredEdit(null, { version: null, base: null, changes })).toEqual({ base: null, changes })
  })

  test('keeps the changes rather than what they were typed over, where both are too long', () => {
    const box = store()
    const base = record({ notes: 'x'.repeat(250_000) })
    writeDraft(box, 'k', { version: 1, base, at: 1, changes: { notes: 'y'.repeat(100_000) } })
    expect(readDraft(box, 'k')).toMatchObject({
      version: 1,
      base: null,
      changes: { notes: expect.any(String) },
    })
  })
})
