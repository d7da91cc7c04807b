import { RECORD_CALLS, type Model } from '@m3m/core/client'
import { expect, test } from 'vitest'
import { callsOf, expansions, requestOf } from '../src/renderer/features/data/calling/calls.ts'
import { exampleOf, LANGUAGES } from '../src/renderer/features/data/calling/examples.ts'
import { sampleRecord } from '../src/renderer/features/data/calling/samples.ts'

const model = {
  id: 'a'.repeat(24),
  slug: 'my-orders',
  fields: [
    { key: 'note', type: 'text' },
    { key: 'title', type: 'string', required: true },
    { key: 'made', type: 'autodate', required: true },
    { key: 'photo', type: 'file' },
    { key: 'owner', type: 'ref', refModel: 'people' },
  ],
} as unknown as Model
const people = {
  id: 'b'.repeat(24),
  slug: 'people',
  fields: [
    { key: 'name', type: 'string', required: true },
    { key: 'last', type: 'ref', refModel: 'my-orders' },
  ],
} as unknown as Model
const target = {
  origin: 'https://box.example:8443',
  project: 'shop',
  model,
  models: [model, people],
  filter: `title ~ "it's"`,
  sort: '-title',
}

test('examples for JavaScript and services are JavaScript', () => {
  for (const call of callsOf(target))
    for (const language of LANGUAGES.filter((one) => one !== 'curl')) {
      const code = exampleOf(call, language, target)
      // An async function's body: parsed, not run.
      expect(() => new Function(`return async () => { ${code}\n}`), `${call} ${language}`).not.toThrow()
    }
})

test('a quote in the filter does not end the argument of curl', () => {
  expect(exampleOf('list', 'curl', target)).toContain(String.raw`'filter=title ~ "it'\''s"'`)
})

test('a slug that is no word is reached by collection()', () => {
  expect(exampleOf('get', 'service', target)).toContain(`database.collection('my-orders')`)
})

test('a sample record has what is required, and nothing that the agent sets', () => {
  expect(sampleRecord(model)).toEqual({ title: 'Hello', note: 'Hello' })
})

test('every call of the API is told', () => {
  const told = callsOf(target).map((call) => requestOf(call, target))
  for (const { method, path } of Object.values(RECORD_CALLS))
    expect(told.filter((request) => request.method === method && request.path === path)).not.toEqual([])
})

test('refs and files are told of only where there are some', () => {
  expect(expansions(target)).toEqual(['owner', 'people_via_last'])
  const bare = { ...model, id: 'c'.repeat(24), slug: 'bare', fields: model.fields.slice(0, 1) }
  const calls = callsOf({ model: bare, models: [bare] })
  expect(calls).toContain('list')
  expect(calls.filter((call) => ['expand', 'upload', 'file'].includes(call))).toEqual([])
})

test('what is written never names a real record', () => {
  const id = 'd'.repeat(24)
  for (const call of callsOf(target)) {
    const { scope, url, json } = requestOf(call, { ...target, id })
    if (scope === 'records:write') expect(url + JSON.stringify(json ?? {}), call).not.toContain(id)
  }
  expect(requestOf('get', { ...target, id }).url).toContain(id)
})
