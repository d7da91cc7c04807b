import { describe, expect, test } from 'vitest'
import { RIGHTS_OF_ROLE } from '@m3m/core/client'
import { RIGHTS } from '../src/renderer/app/project/project-context.ts'
import { servicesUrl } from '../src/renderer/app/project/service-address.ts'
import { modelSlugOf, withType } from '../src/renderer/features/data/schema/field-drafts.ts'
import { cellText } from '../src/renderer/features/data/field-values.ts'
import {
  countChanges,
  problemsOf,
  rowOf,
  variableOf,
  type VariableRow,
} from '../src/renderer/features/environment/variable-rows.ts'
import {
  parseHeaders,
  requestHeaders,
  shownBody,
} from '../src/renderer/features/pipeline/requests/send-request.ts'
import { slugOf } from '../src/renderer/features/projects/slug.ts'

describe('variables', () => {
  const row = (change: Partial<VariableRow>): VariableRow => ({
    id: 0,
    key: 'KEY',
    type: 'string',
    text: '',
    isSet: false,
    ...change,
  })

  test.each([
    [{ type: 'integer', text: '25' }, 25],
    [{ type: 'integer', text: ' -3 ' }, -3],
    [{ type: 'float', text: '0,5' }, 0.5],
    [{ type: 'boolean', text: 'true' }, true],
    [{ type: 'json', text: '{"a":[1]}' }, { a: [1] }],
    [{ type: 'string', text: ' as typed ' }, ' as typed '],
    [{ type: 'secret', text: '', isSet: true }, null],
    [{ type: 'secret', text: 'new', isSet: true }, 'new'],
    [{ type: 'secret', text: '' }, ''],
  ] as const)('%j means %j', (change, value) => {
    expect(variableOf(row(change))).toEqual({ key: 'KEY', type: change.type, value })
    expect(problemsOf([row(change)]).size).toBe(0)
  })

  test.each([
    [{ key: '1ST' }, 'key'],
    [{ key: '' }, 'key'],
    [{ key: 'A-B' }, 'key'],
    [{ type: 'integer', text: '2.5' }, 'integer'],
    [{ type: 'integer', text: '' }, 'integer'],
    [{ type: 'integer', text: '9007199254740993' }, 'integer'],
    [{ type: 'float', text: 'much' }, 'float'],
    [{ type: 'json', text: '{' }, 'json'],
  ] as const)('%j is refused as %s', (change, kind) => {
    expect(problemsOf([row(change)]).get(0)?.kind).toBe(kind)
  })

  test('a key may be there once', () => {
    expect(problemsOf([row({}), row({ id: 1 })]).get(1)?.kind).toBe('twice')
  })

  test('what was read and not touched is no change', () => {
    const saved = [
      rowOf({ key: 'PLAN', type: 'json', value: { seats: 3 } }, 0),
      rowOf({ key: 'ON', type: 'boolean', value: false }, 1),
    ]
    expect(countChanges(saved, saved)).toBe(0)
    expect(variableOf(saved[0]!).value).toEqual({ seats: 3 })
    expect(countChanges([saved[0]!], saved)).toBe(1)
    expect(countChanges([...saved, row({ id: 2 })], saved)).toBe(1)
    expect(countChanges([{ ...saved[0]!, text: '{}' }, saved[1]!], saved)).toBe(1)
  })
})

describe('fields of records', () => {
  test('a cell is one line', () => {
    expect(cellText({ type: 'text' }, 'two\n  lines')).toBe('two lines')
    expect(cellText({ type: 'document' }, { a: 1 })).toBe('{"a":1}')
    expect(cellText({ type: 'string' }, null)).toBe('')
  })
  test('a new type drops options that mean nothing to it, and keeps the id: the field is the same', () => {
    const field = { id: 'x', key: 'size', type: 'select' as const, options: ['s'], required: true, min: 1 }
    expect(withType(field, 'string')).toEqual({ id: 'x', key: 'size', type: 'string', required: true })
    expect(withType(field, 'multiselect').options).toEqual(['s'])
  })

  test('names in code come out of names', () => {
    expect(['Order Items', '2nd model', 'Ünïcode!'].map(modelSlugOf)).toEqual([
      'order_items',
      'nd_model',
      'u_ni_code',
    ])
    expect(slugOf('  My – First Bot! ')).toBe('my-first-bot')
  })
})

describe('the tester of routes', () => {
  const draft = { method: 'POST' as const, path: '/', headers: '', body: '{"a":1}' }

  test('sends JSON as JSON unless told otherwise', () => {
    expect(requestHeaders(draft)).toEqual([['content-type', 'application/json']])
    expect(requestHeaders({ ...draft, headers: 'Content-Type: text/plain' })).toEqual([
      ['Content-Type', 'text/plain'],
    ])
    expect(requestHeaders({ ...draft, method: 'GET' })).toEqual([])
    expect(requestHeaders({ ...draft, body: 'a=1' })).toEqual([])
  })

  test('reads headers line by line; a value may have colons', () => {
    expect(parseHeaders('a: 1\n\nurl: http://x:1\nnothing')).toEqual([
      ['a', '1'],
      ['url', 'http://x:1'],
    ])
  })

  test('sets JSON out in lines, and shows what only says that it is JSON as it came', () => {
    expect(shownBody('{"a":1}', 'application/json').text).toBe('{\n  "a": 1\n}')
    expect(shownBody('{oops', 'application/json')).toEqual({ text: '{oops', isJson: false, isCut: false })
    expect(shownBody('x'.repeat(300_000), 'text/plain').isCut).toBe(true)
  })
})

test('a service answers on its own origin where there is one', () => {
  const base = 'https://panel.example.com:3000'
  expect(servicesUrl({ uri: null, port: 3001 }, base, 'bot')).toBe('https://panel.example.com:3001/r/bot/')
  expect(servicesUrl({ uri: null, port: null }, base, 'bot')).toBe('https://panel.example.com:3000/r/bot/')
  expect(servicesUrl({ uri: 'https://run.example.com/', port: 3001 }, base, 'bot')).toBe(
    'https://run.example.com/r/bot/',
  )
})

test('the panel hides by the rights that the server refuses by', () => {
  for (const [role, rights] of Object.entries(RIGHTS_OF_ROLE))
    expect(['view', ...RIGHTS[role as keyof typeof RIGHTS]]).toEqual(rights)
})
