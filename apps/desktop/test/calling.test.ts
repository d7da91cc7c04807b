import type { Model } from '@m3m/core/client'
import { expect, test } from 'vitest'
import { CALLS, exampleOf, LANGUAGES, sampleRecord } from '../src/renderer/features/data/calling/examples.ts'

const model = {
  slug: 'my-orders',
  fields: [
    { key: 'note', type: 'text' },
    { key: 'title', type: 'string', required: true },
    { key: 'made', type: 'autodate', required: true },
  ],
} as unknown as Model
const target = {
  origin: 'https://box.example:8443',
  project: 'shop',
  model,
  filter: `title ~ "it's"`,
  sort: '-title',
}

test('examples for JavaScript and services are JavaScript', () => {
  for (const call of CALLS)
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
