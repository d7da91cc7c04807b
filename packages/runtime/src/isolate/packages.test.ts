// Packages as people paste them: bundles in every form, as files of the branch; and what is said when there are none.
import { expect, test } from 'vitest'
import { openTestService, type TestServiceOptions } from '../module/testing.ts'

const UMD = `(function (global, factory) { typeof exports === 'object' && typeof module !== 'undefined' ? module.exports = factory() : typeof define === 'function' && define.amd ? define(factory) : (global = typeof globalThis !== 'undefined' ? globalThis : global || self, global.dates = factory()) })(this, (function () { 'use strict'; function dates() { return 'made' } dates.version = '1'; return dates }))`
const CJS = `"use strict";Object.defineProperty(exports,"__esModule",{value:true});exports.a=1;exports.default=function(){return require('./part').b};`
const files = {
  'lib/umd.js': UMD,
  'lib/cjs.js': CJS,
  'lib/part.js': 'module.exports = { b: 2 }',
  'lib/named.js': '$exports({ price: (n) => n * 2 })',
  'data.json': '{"rate": 7}',
}

async function answer(code: string, more: Partial<TestServiceOptions> = {}): Promise<unknown> {
  await using service = await openTestService({ code, files, ...more })
  return (await service.get('/')).json
}
const failure = (code: string, more: Partial<TestServiceOptions> = {}) =>
  openTestService({ code, files, ...more }).then(
    () => 'it started',
    (error: Error) => error.message,
  )
const kind = 'module'

test('a bundle is required, imported, and pasted into main', async () => {
  expect(await answer(`const d = $require('lib/umd'); router.get('/', () => [d(), d.version])`)).toEqual([
    'made',
    '1',
  ])
  expect(await answer(`const d = require('./lib/umd.js'); router.get('/', () => [d()])`)).toEqual(['made'])
  expect(
    await answer(`import d, { version } from './lib/umd.js'; router.get('/', () => [d(), version])`, {
      kind,
    }),
  ).toEqual(['made', '1'])
  expect(await answer(`${UMD}; router.get('/', () => [dates()])`)).toEqual(['made'])
})

test('CommonJS files find each other, and are modules with a default and names', async () => {
  expect(
    await answer(`import get, { a as one } from './lib/cjs'; router.get('/', () => [get(), one])`, { kind }),
  ).toEqual([2, 1])
  expect(
    await answer(
      `import { price } from './lib/named'; import all from './lib/named.js'; router.get('/', () => [price(2), all.price(3)])`,
      { kind },
    ),
  ).toEqual([4, 6])
})

test('JSON is imported and required', async () => {
  expect(
    await answer(`import data from './data.json' with { type: 'json' }; router.get('/', () => [data.rate])`, {
      kind,
    }),
  ).toEqual([7])
  expect(await answer(`const data = require('./data'); router.get('/', () => [data.rate])`)).toEqual([7])
})

test('what is not here says what is in its place', async () => {
  expect(await failure(`const fs = require('fs')`)).toContain('In its place there is storage.')
  expect(await failure(`const x = require('left-pad')`)).toContain('put a bundle of it')
  expect(await failure(`const x = require('./nothing')`)).not.toContain('bundle')
  expect(await failure(`import e from 'express'`, { kind })).toContain('In its place there is router.')
  await using service = await openTestService({
    code: `router.get('/', () => process.env.X); router.get('/b', () => Buffer.from('x')); router.get('/i', () => new Function('return import("./lib/umd.js")')())`,
    files,
  })
  for (const path of ['/', '/b', '/i']) await service.get(path)
  expect(service.logs.map(({ text }) => text.split('\n')[0])).toEqual([
    expect.stringContaining('process is not defined: variables are in env'),
    expect.stringContaining('Buffer is not defined: bytes are Uint8Array'),
    expect.stringContaining('import() works in the files of the branch'),
  ])
})

test.for([
  [
    `export default { async fetch(request, env, ctx) { ctx.waitUntil(Promise.resolve()); return Response.json([new URL(request.url).pathname, request.method]) } }`,
    'module',
  ],
  [
    `addEventListener('fetch', (event) => event.respondWith(Promise.resolve(Response.json([new URL(event.request.url).pathname, event.request.method]))))`,
    'script',
  ],
  [
    `router.get('/own', () => 'own'); router.serve((request) => Response.json([new URL(request.url).pathname, request.method]))`,
    'script',
  ],
] as const)('a service in the form of fetch answers what no route does: %s', async ([code, form]) => {
  await using service = await openTestService({ code, kind: form })
  const sent = service.request('PUT', '/some/path?x=1')
  expect((await sent).status).toBe(200)
  await service.until(() => service.bodies.get(sent.stream)?.ended === true)
  expect(Buffer.from(service.bodies.get(sent.stream)!.chunks[0]!).toString()).toBe('["/some/path","PUT"]')
})
