import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PanelClient } from './panel-client.ts'
import { AGENT_START_MS, openRestAgent, type Json, type RestAgent } from './rest-agent.ts'

let agent: RestAgent
let panel: PanelClient
let keys: { reader: string; writer: string; foreign: string }

beforeAll(async () => {
  agent = await openRestAgent()
  ;({ panel } = agent)
  const projectId = await agent.project('shop')
  await panel.mutate('models.create', {
    projectId,
    name: 'Products',
    slug: 'products',
    fields: [
      { key: 'title', type: 'string', required: true, maxLength: 20 },
      { key: 'price', type: 'float', min: 0 },
      { key: 'state', type: 'select', options: ['new', 'sold'], nullable: true },
    ],
  })
  keys = {
    reader: await agent.key(projectId, ['records:read']),
    writer: await agent.key(projectId, ['records:read', 'records:write']),
    foreign: await agent.key(await agent.project('other'), ['records:read', 'records:write']),
  }
}, AGENT_START_MS)

afterAll(() => agent[Symbol.asyncDispose]())

const rest: RestAgent['rest'] = (...given) => agent.rest(...given)
const PRODUCTS = '/projects/shop/records/products'

test('a program creates, reads, lists, changes and removes records with its key', async () => {
  const { writer: token } = keys
  const made = await rest('POST', PRODUCTS, { token, body: { title: 'Tea', price: 4.5 } })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ title: 'Tea', price: 4.5, version: 1 })
  await rest('POST', PRODUCTS, { token, body: { title: 'Cup', price: 12 } })
  const id = String(made.body['id'])

  const listed = await rest(
    'GET',
    `${PRODUCTS}?filter=${encodeURIComponent('price > 5')}&sort=-price&pageSize=1`,
    { token },
  )
  expect(listed.body).toMatchObject({ total: 1, pageSize: 1, items: [{ title: 'Cup' }] })
  const all = encodeURIComponent('price >= 0')
  const capped = await rest('GET', `${PRODUCTS}?filter=${all}&countUpTo=1&pageSize=1`, { token })
  expect(capped.body).toMatchObject({ total: 1, totalIsAtLeast: true, pages: 1 })
  const byJson = await rest(
    'GET',
    `${PRODUCTS}?filter=${encodeURIComponent('{"title":"Tea"}')}&fields=title`,
    { token },
  )
  expect(byJson.body['items']).toEqual([expect.objectContaining({ id, title: 'Tea' })])

  const changed = await rest('PATCH', `${PRODUCTS}/${id}`, { token, body: { price: 5, version: 1 } })
  expect(changed.body).toMatchObject({ price: 5, version: 2 })
  const stale = await rest('PATCH', `${PRODUCTS}/${id}`, { token, body: { price: 6, version: 1 } })
  expect(stale).toMatchObject({ status: 409, body: { error: { code: 'RECORD_CHANGED' } } })
  expect((await rest('DELETE', `${PRODUCTS}/${id}`, { token })).status).toBe(204)
  expect(await rest('GET', `${PRODUCTS}/${id}`, { token })).toMatchObject({
    status: 404,
    body: { error: { code: 'RECORD_NOT_FOUND' } },
  })
})

test('a record that breaks the model is refused field by field', async () => {
  const { status, body } = await rest('POST', PRODUCTS, {
    token: keys.writer,
    body: { price: -1, state: 'lost', colour: 1 },
  })
  expect(status).toBe(400)
  const fields = body.error['fields'] as Json
  expect(Object.keys(fields).sort()).toEqual(['colour', 'price', 'state', 'title'])
})

test('no key, a wrong key, a key of another project and a missing scope are told apart', async () => {
  expect(await rest('GET', PRODUCTS)).toMatchObject({ status: 401, body: { error: { code: 'REST_NO_KEY' } } })
  const wrong = await rest('GET', PRODUCTS, { token: `m3m_${'0'.repeat(48)}` })
  expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'REST_NO_KEY' } } })
  const foreign = await rest('GET', PRODUCTS, { token: keys.foreign })
  expect(foreign).toMatchObject({ status: 404, body: { error: { code: 'REST_NO_PROJECT' } } })
  const reader = await rest('POST', PRODUCTS, { token: keys.reader, body: { title: 'x' } })
  expect(reader).toMatchObject({ status: 403, body: { error: { code: 'REST_SCOPE' } } })
  const session = await rest('GET', PRODUCTS, { token: panel.token })
  expect(session.status).toBe(401)
})

test.each([
  ['pageSize=5000', 'pageSize'],
  ['page=x', 'page'],
  ['countUpTo=0', 'countUpTo'],
  ['colour=1', 'colour'],
  ['filter=%7Bbroken', 'filter'],
])('the parameter in ?%s is named', async (query, name) => {
  const { status, body } = await rest('GET', `${PRODUCTS}?${query}`, { token: keys.reader })
  expect(status).toBe(400)
  expect(body.error).toMatchObject({ code: 'REST_QUERY', message: expect.stringContaining(`"${name}"`) })
})

test('an unknown operator in a filter is refused by its name', async () => {
  const filter = encodeURIComponent('{"$where":"sleep(1000)"}')
  const { status, body } = await rest('GET', `${PRODUCTS}?filter=${filter}`, { token: keys.reader })
  expect(status).toBe(400)
  expect(body.error['message']).toContain('$where')
})

test('a batch of writes is applied together', async () => {
  const operations = [
    { op: 'create', data: { title: 'One' } },
    { op: 'create', data: { title: 'Two' } },
  ]
  const { body } = await rest('POST', `${PRODUCTS}/bulk`, { token: keys.writer, body: { operations } })
  expect(body).toMatchObject({ applied: 2, complete: true })
})

test('changes arrive as server-sent events', async () => {
  const left = new AbortController()
  const response = await fetch(`${agent.url}/api/v1${PRODUCTS}/events`, {
    headers: { authorization: `Bearer ${keys.reader}` },
    signal: left.signal,
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = (await reader.read()).value ?? ''
  await rest('POST', PRODUCTS, { token: keys.writer, body: { title: 'Heard' } })
  while (!text.includes('"Heard"')) text += (await reader.read()).value ?? ''
  left.abort()
  expect(text).toMatch(/^id: \d+\nevent: insert\ndata: \{/m)
})

test('the OpenAPI document of a key tells the models of its project', async () => {
  const { body } = await rest('GET', '/openapi.json', { token: keys.reader })
  expect(body['openapi']).toBe('3.1.0')
  expect(Object.keys(body['paths'] as Json)).toContain('/api/v1/projects/shop/records/products/{id}')
  expect(body).toMatchObject({
    components: {
      schemas: {
        products: {
          required: expect.arrayContaining(['id', 'title', 'price']) as string[],
          properties: { title: { maxLength: 20 }, price: { type: ['number', 'null'], minimum: 0 } },
        },
      },
    },
  })
  expect((await rest('GET', '/openapi.json')).status).toBe(200)
})
