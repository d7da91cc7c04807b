import type { Field, Model } from '@m3m/core/client'
import { describe, expect, test } from 'vitest'
import {
  draftsOf,
  fieldsOf,
  freeKey,
  indexesAfter,
  isChanged,
  newDraft,
  stateOf,
  withoutDraft,
  withType,
} from '../src/renderer/features/data/schema/field-drafts.ts'
import { complaintsByDraft, complaintsOfIndexes } from '../src/renderer/features/data/schema/field-errors.ts'
import {
  draftsFrom,
  parseSchema,
  schemaDifferences,
  schemaJson,
} from '../src/renderer/features/data/schema/schema-file.ts'

const saved: Field[] = [
  { id: 'a', key: 'title', type: 'string', required: true },
  { id: 'b', key: 'price', type: 'float', min: 0 },
  { id: 'c', key: 'tags', type: 'multiselect', options: ['x', 'y'] },
]

describe('the schema editor', () => {
  test('marks what is new, changed, renamed and removed, and takes a removal back', () => {
    const drafts = draftsOf(saved)
    const [title, price] = drafts
    expect(stateOf({ ...title!, field: { ...title!.field, key: 'name' } })).toBe('renamed')
    expect(stateOf({ ...price!, field: { ...price!.field, max: 9 } })).toBe('changed')
    // What is switched on and off again says nothing.
    expect(stateOf({ ...price!, field: { ...price!.field, unique: false, help: '' } })).toBe('same')
    const gone = withoutDraft(drafts, title!)
    expect([gone.length, stateOf(gone[0]!), fieldsOf(gone).map(({ key }) => key)]).toEqual([
      3,
      'removed',
      ['price', 'tags'],
    ])
    expect(
      isChanged(
        gone.map((draft) => ({ ...draft, isRemoved: false })),
        saved,
      ),
    ).toBe(false)
    const added = newDraft(drafts, { key: 'x', type: 'bool' })
    expect(stateOf(added)).toBe('new')
    expect(withoutDraft([...drafts, added], added)).toHaveLength(3)
  })

  test('order is a change, too', () => {
    expect(isChanged(draftsOf(saved).toReversed(), saved)).toBe(true)
  })

  test('sends no empty options', () => {
    const draft = newDraft([], {
      key: 'state',
      type: 'select',
      options: [' a ', '', 'a', 'b'],
      label: '',
      required: false,
    })
    expect(fieldsOf([draft])).toEqual([{ key: 'state', type: 'select', options: ['a', 'b'] }])
  })

  test('a new type keeps what still means something', () => {
    expect(
      withType({ key: 'p', type: 'float', min: 0, unique: true, required: true }, 'number'),
    ).toMatchObject({ min: 0, unique: true, required: true })
    expect(withType({ key: 'p', type: 'float', min: 0, unique: true }, 'bool')).toEqual({
      key: 'p',
      type: 'bool',
      unique: true,
    })
    expect(withType({ key: 'p', type: 'float', min: 0 }, 'date')).toEqual({ key: 'p', type: 'date' })
    expect(withType({ key: 'p', type: 'string' }, 'text', 'html')).toEqual({
      key: 'p',
      type: 'text',
      format: 'html',
    })
    expect(withType({ key: 'p', type: 'text', format: 'html' }, 'text')).toEqual({ key: 'p', type: 'text' })
  })

  test('indexes follow a rename and lose a field that goes', () => {
    const drafts = draftsOf(saved)
    const renamed = drafts.map((draft) =>
      draft.draftId === 'b' ? { ...draft, field: { ...draft.field, key: 'cost' } } : draft,
    )
    const indexes = [{ keys: ['title', '-price'], unique: true }, { keys: ['price', 'createdAt'] }]
    expect(indexesAfter(indexes, drafts, renamed)).toEqual([
      { keys: ['title', '-cost'], unique: true },
      { keys: ['cost', 'createdAt'] },
    ])
    expect(indexesAfter([{ keys: ['price'] }, ...indexes], drafts, withoutDraft(drafts, drafts[1]!))).toEqual(
      [{ keys: ['title'], unique: true }, { keys: ['createdAt'] }],
    )
  })

  test('finds a key that is free', () => {
    expect(freeKey('title', draftsOf(saved))).toBe('title2')
    expect(freeKey('bool', draftsOf(saved))).toBe('bool')
  })

  test('hears complaints by place or by key, over fields that are removed', () => {
    const drafts = withoutDraft(draftsOf(saved), draftsOf(saved)[0]!)
    const error = {
      data: {
        app: {
          code: 'MODEL_INVALID',
          fields: {
            'fields.price.min': { code: 'X', message: 'a' },
            'fields.1.key': { code: 'X', message: 'b' },
            'indexes.0': { code: 'X', message: 'c' },
          },
        },
      },
    }
    expect(Object.fromEntries(complaintsByDraft(error, drafts))).toEqual({ b: { min: 'a' }, c: { key: 'b' } })
    expect([...complaintsOfIndexes(error)]).toEqual([[0, 'c']])
  })
})

describe('a schema as JSON', () => {
  const model = {
    name: 'Books',
    slug: 'books',
    fields: saved,
    indexes: [],
    table: {},
    form: {},
    revisions: true,
    trash: null,
  } as unknown as Model

  test('comes back as it went', () => {
    const parsed = parseSchema(schemaJson(model), { name: 'x', slug: 'x' })
    expect(parsed).toMatchObject({ schema: { name: 'Books', slug: 'books', revisions: true, fields: saved } })
    expect('schema' in parsed && schemaDifferences(saved, parsed.schema.fields)).toEqual([])
  })

  test('may be the fields alone, and says what is wrong with it', () => {
    expect(parseSchema('[{"key":"a","type":"bool"}]', { name: 'N', slug: 'n' })).toMatchObject({
      schema: { name: 'N', slug: 'n' },
    })
    expect(parseSchema('{', { name: 'N', slug: 'n' })).toHaveProperty('problems')
    expect(parseSchema('{"fields":[{"key":"1","type":"bool"}]}', { name: 'N', slug: 'n' })).toMatchObject({
      problems: [expect.stringContaining('fields.0.key')],
    })
  })

  test('is compared field by field, and loaded without losing one unseen', () => {
    const next: Field[] = [
      { id: 'a', key: 'name', type: 'string' },
      { key: 'price', type: 'float', min: 1 },
      { id: 'zz', key: 'new', type: 'bool' },
    ]
    expect(schemaDifferences(saved, next)).toEqual([
      {
        kind: 'renamed',
        key: 'name',
        from: 'title',
        options: [{ name: 'required', before: true, after: null }],
      },
      { kind: 'changed', key: 'price', options: [{ name: 'min', before: 0, after: 1 }] },
      { kind: 'added', key: 'new', options: [] },
      { kind: 'removed', key: 'tags', options: [] },
    ])
    const drafts = draftsFrom(saved, next)
    expect(drafts.map((draft) => [draft.field.key, draft.field.id, stateOf(draft)])).toEqual([
      ['name', 'a', 'renamed'],
      ['price', 'b', 'changed'],
      ['new', undefined, 'new'],
      ['tags', 'c', 'removed'],
    ])
  })
})
