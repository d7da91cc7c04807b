import { expect, test } from 'vitest'
import { draftOf } from '../src/renderer/features/pipeline/requests/reuse-request.ts'

const kept = {
  method: 'POST',
  url: '/hooks/github?a=1',
  requestHeaders: [
    { name: 'host', value: 'example.com' },
    { name: 'content-type', value: 'application/json' },
    { name: 'x-hub-signature-256', value: 'sha256=1' },
    { name: 'authorization', value: null },
    { name: 'sec-fetch-mode', value: 'cors' },
    { name: 'content-length', value: '2' },
  ],
  requestBody: { text: '{}', totalBytes: 2, isCut: false },
}

test('a kept request is sent again with what the browser may send, byte for byte', () => {
  expect(draftOf(kept)).toEqual({
    method: 'POST',
    path: '/hooks/github?a=1',
    headers: 'content-type: application/json\nx-hub-signature-256: sha256=1',
    body: '{}',
  })
})

test('one that is not there whole, or is no text, is not', () => {
  expect(draftOf({ ...kept, requestBody: { text: '{', totalBytes: 20_000, isCut: true } })).toBeNull()
  expect(draftOf({ ...kept, requestBody: { text: null, totalBytes: 4, isCut: false } })).toBeNull()
  expect(draftOf({ ...kept, method: 'PROPFIND' })).toBeNull()
})
