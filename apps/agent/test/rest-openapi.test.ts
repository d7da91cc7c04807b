import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AGENT_START_MS, openRestAgent, type Json, type RestAgent } from './rest-agent.ts'

const BASE = '/projects/shop/records'

let agent: RestAgent
let token: string
let generic: Json
let own: Json

beforeAll(async () => {
  agent = await openRestAgent()
  const projectId = await agent.project('shop')
  const create = (slug: string, fields: Json[]) =>
    agent.panel.mutate('models.create', { projectId, name: slug, slug, fields })
  await create('Error', [{ key: 'name', type: 'string', unique: true }])
  // One of each type, with what its schema says of it.
  await create('all-kinds', [
    {
      key: 'string',
      type: 'string',
      required: true,
      minLength: 2,
      max: 20,
      pattern: '^[a-z]+$',
      help: 'letters',
    },
    { key: 'text', type: 'text', label: 'Prose' },
    { key: 'number', type: 'number', min: 1, max: 9, default: 5 },
    { key: 'float', type: 'float', nullable: true },
    { key: 'bool', type: 'bool', default: true },
    { key: 'free', type: 'document' },
    { key: 'address', type: 'document', fields: [{ key: 'city', type: 'string', required: true }] },
    { key: 'file', type: 'file' },
    { key: 'ref', type: 'ref', refModel: 'Error', nullable: true },
    { key: 'refs', type: 'ref', refModel: 'Error', multiple: true, max: 3 },
    { key: 'date', type: 'date', default: '@now' },
    { key: 'datetime', type: 'datetime' },
    { key: 'select', type: 'select', options: ['a', 'b'], nullable: true },
    { key: 'multiselect', type: 'multiselect', options: ['a', 'b'], min: 1 },
    { key: 'email', type: 'email' },
    { key: 'url', type: 'url' },
    { key: 'autodate', type: 'autodate', onUpdate: true },
  ])
  token = await agent.key(projectId, ['records:read', 'records:write'])
  generic = (await agent.rest('GET', '/openapi.json')).body
  own = (await agent.rest('GET', '/openapi.json', { token })).body
}, AGENT_START_MS)
afterAll(() => agent[Symbol.asyncDispose]())

function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ ...own, $id: 'document' })
  return ajv.getSchema(`document#/components/schemas/${name}`)!
}

function complaints(name: string, value: unknown): string[] {
  const validate = validatorOf(name)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

it('is a valid OpenAPI 3.1 document, with a key and without', async () => {
  for (const document of [generic, own]) {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(document))
    expect(errors ?? []).toEqual([])
    expect([valid, validator.version]).toEqual([true, '3.1'])
  }
})

it('names each operation once', () => {
  for (const document of [generic, own]) {
    const names = Object.values(document['paths'] as Record<string, Record<string, Json>>).flatMap((path) =>
      Object.values(path).map((operation) => operation['operationId']),
    )
    expect(new Set(names).size).toBe(names.length)
  }
})

it('describes what is answered', async () => {
  const ask = (method: string, path: string, body?: unknown) =>
    agent.rest(method, path, { token, ...(body !== undefined && { body }) })
  const other = await ask('POST', `${BASE}/Error`, { name: 'x' })
  expect(complaints('Error', other.body)).toEqual([])
  const least = await ask('POST', `${BASE}/all-kinds`, { string: 'abc' })
  expect(complaints('all-kinds', least.body)).toEqual([])
  const full = await ask('POST', `${BASE}/all-kinds`, {
    string: 'abc',
    float: 1.5,
    free: { a: [1] },
    address: { city: 'Rome' },
    ref: other.body['id'],
    refs: [other.body['id']],
    datetime: '2026-01-31T12:00:00Z',
    select: 'a',
    multiselect: ['b'],
    email: 'ann@example.org',
    url: 'https://example.org/',
  })
  expect([full.status, complaints('all-kinds', full.body)]).toEqual([201, []])
  expect(complaints('m3m.Error', (await ask('POST', `${BASE}/all-kinds`, { string: 1 })).body)).toEqual([])
  const late = await ask('PATCH', `${BASE}/all-kinds/${String(full.body['id'])}`, { float: 2, version: 9 })
  expect([late.status, complaints('m3m.Conflict', late.body)]).toEqual([409, []])
  const bulk = await ask('POST', `${BASE}/Error/bulk`, {
    operations: [
      { op: 'create', data: { name: 'y' } },
      { op: 'create', data: { name: 'x' } },
    ],
  })
  expect([bulk.status, complaints('m3m.BulkReport', bulk.body)]).toEqual([200, []])
})

it.each([
  [{ string: 'abc' }, true],
  [{ string: 'abc', number: 0 }, false],
  [{ string: 'abc', number: 1.5 }, false],
  [{ string: 'a' }, false],
  [{ string: 'ABC' }, false],
  [{}, false],
  [{ string: 'abc', nothing: 1 }, false],
  [{ string: 'abc', float: null }, true],
  [{ string: 'abc', bool: null }, false],
  [{ string: 'abc', select: 'c' }, false],
  [{ string: 'abc', select: null }, true],
  [{ string: 'abc', multiselect: [] }, false],
  [{ string: 'abc', refs: ['x'] }, false],
  [{ string: 'abc', address: {} }, false],
  [{ string: 'abc', email: 'nobody' }, false],
  [{ string: 'abc', date: '31.01.2026' }, false],
  [{ string: 'abc', autodate: '2026-01-31T00:00:00Z' }, false],
])('and the agent say the same of a new record %j', async (body, isFine) => {
  const { status } = await agent.rest('POST', `${BASE}/all-kinds`, { token, body })
  expect([complaints('all-kinds.create', body).length === 0, status === 201]).toEqual([isFine, isFine])
})
