import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { photo, sizeOf } from './pictures.ts'
import { AGENT_START_MS, openRestAgent, type Json, type RestAgent } from './rest-agent.ts'

const BASE = '/projects/shop/records'

let agent: RestAgent
let projectId: string
let token: string

beforeAll(async () => {
  agent = await openRestAgent()
  projectId = await agent.project('shop')
  const model = (slug: string, fields: Json[]) =>
    agent.panel.mutate('models.create', { projectId, name: slug, slug, fields })
  await model('people', [
    { key: 'name', type: 'string', unique: true },
    { key: 'salary', type: 'number' },
  ])
  await model('orders', [
    { key: 'title', type: 'string', required: true },
    { key: 'amount', type: 'number', min: 0, nullable: true },
    { key: 'customer', type: 'ref', refModel: 'people', onDelete: 'cascade' },
    { key: 'at', type: 'datetime' },
    { key: 'photo', type: 'file', nullable: true, mimeTypes: ['image/*'] },
    { key: 'papers', type: 'file', multiple: true },
    { key: 'tags', type: 'multiselect', options: ['a', 'b'] },
  ])
  token = await agent.key(projectId, ['records:read', 'records:write'])
}, AGENT_START_MS)
afterAll(() => agent[Symbol.asyncDispose]())

const rest: RestAgent['rest'] = (method, path, options) => agent.rest(method, path, { token, ...options })
const made = async (model: string, body: object) => (await rest('POST', `${BASE}/${model}`, { body })).body

/** The first bytes of a real PNG: types are found by content. */
const PNG = new Blob([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')])

describe('writes of programs', () => {
  it('come too late with the record as it is now', async () => {
    const { id } = await made('people', { name: 'Late', salary: 1 })
    const path = `${BASE}/people/${String(id)}`
    await rest('PATCH', path, { body: { salary: 2 } })
    const late = {
      status: 409,
      body: { error: { code: 'RECORD_CHANGED' }, current: { salary: 2, version: 2 } },
    }
    expect(await rest('PATCH', path, { body: { salary: 3, version: 1 } })).toMatchObject(late)
    expect(await rest('PATCH', path, { body: { salary: 3 }, headers: { 'if-match': '"1"' } })).toMatchObject(
      late,
    )
    expect(await rest('DELETE', `${path}?version=1`)).toMatchObject(late)
    expect(await rest('DELETE', path, { headers: { 'if-match': '"2"' } })).toMatchObject({ status: 204 })
    expect(await rest('DELETE', `${path}?version=x`)).toMatchObject({
      status: 400,
      body: { error: { code: 'REST_VERSION', message: expect.stringContaining('"x"') as string } },
    })
  })

  it('may change what a filter finds, or make it', async () => {
    const filter = encodeURIComponent('name = "Upsert"')
    const put = (salary: number) =>
      rest('PUT', `${BASE}/people?filter=${filter}`, { body: { name: 'Upsert', salary } })
    const first = await put(1)
    const second = await put(2)
    expect([first.status, second.body]).toEqual([200, expect.objectContaining({ salary: 2, version: 2 })])
    expect(second.body['id']).toBe(first.body['id'])
    expect(await rest('PUT', `${BASE}/people`, { body: {} })).toMatchObject({
      status: 400,
      body: { error: { code: 'REST_QUERY' } },
    })
  })

  it('are one transaction over several models', async () => {
    const batch = (operations: Json[]) => rest('POST', '/projects/shop/batch', { body: { operations } })
    const done = await batch([
      { model: 'people', op: 'create', data: { name: 'Batch' } },
      { model: 'orders', op: 'create', data: { title: 'of Batch' } },
    ])
    expect(done.body).toMatchObject({ atomic: true, applied: 2, complete: true })
    const refused = await batch([
      { model: 'orders', op: 'create', data: { title: 'never' } },
      { model: 'people', op: 'create', data: { name: 'Batch' } },
    ])
    expect(refused.body).toMatchObject({
      applied: 0,
      complete: false,
      results: [{ error: { code: 'RECORD_UNDONE' } }, { error: { code: 'RECORD_NOT_UNIQUE' } }],
    })
    const filter = encodeURIComponent('title = "never"')
    expect((await rest('GET', `${BASE}/orders?filter=${filter}`)).body).toMatchObject({ total: 0 })
    const twice = await batch([
      { model: 'people', op: 'upsert', filter: 'name = "Twice"', data: { name: 'Twice', salary: 1 } },
      { model: 'people', op: 'upsert', filter: { name: 'Twice' }, data: { salary: 2 } },
      { model: 'people', op: 'upsert', filter: { name: 'Batch' }, data: { $set: { salary: 3 } } },
    ])
    expect(twice.body).toMatchObject({ atomic: true, complete: true })
    const records = (twice.body['results'] as unknown as { record: Json }[]).map(({ record }) => record)
    expect(records[1]).toMatchObject({ id: records[0]!['id'], name: 'Twice', salary: 2, version: 2 })
    expect(records[2]).toMatchObject({ name: 'Batch', salary: 3 })
    const any = await batch([{ model: 'people', op: 'upsert', filter: ' ', data: { salary: 9 } }])
    expect(any).toMatchObject({ status: 400 })
    const nowhere = await batch([{ model: 'nothing', op: 'remove', id: 'x' }])
    expect(nowhere).toMatchObject({ status: 404, body: { error: { code: 'MODEL_NOT_FOUND' } } })
  })
})

describe('records with files', () => {
  it('come as one form, and their files go out again', async () => {
    const form = new FormData()
    form.set('title', 'With files')
    form.set('amount', '12')
    form.set('tags', 'a, b')
    form.set('photo', PNG, 'cat.png')
    form.append('papers', new Blob(['one']), 'one.txt')
    form.append('papers', new Blob(['two']), '../../two.txt')
    form.set('@jsonPayload', JSON.stringify({ at: '2026-01-31T00:00:00Z' }))
    const { status, body } = await rest('POST', `${BASE}/orders`, { body: form })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      title: 'With files',
      amount: 12,
      tags: ['a', 'b'],
      at: '2026-01-31T00:00:00.000Z',
      photo: expect.stringMatching(/^records\/orders\/[0-9a-f]{16}\/cat\.png$/) as string,
      papers: [
        expect.stringMatching(/\/one\.txt$/),
        expect.stringMatching(/\/\.\._\.\._two\.txt$/),
      ] as string[],
    })
    const files = `${BASE}/orders/${String(body['id'])}/files`
    const photo = await rest('GET', `${files}/photo`)
    expect([photo.status, photo.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect((await rest('GET', `${files}/papers?index=1`)).body).toMatchObject({ text: 'two' })

    const link = (await rest('GET', `${files}/papers?link=60`)).body
    const open = await fetch(`${agent.url}${String(link['url'])}`)
    expect([open.status, await open.text()]).toEqual([200, 'one'])
    const bent = await fetch(`${agent.url}${String(link['url']).replace('one.txt', 'two.txt')}`)
    expect(bent.status).toBeGreaterThanOrEqual(400)

    const more = new FormData()
    more.set('papers+', new Blob(['three']), 'three.txt')
    more.set('amount', '')
    const changed = await rest('PATCH', `${BASE}/orders/${String(body['id'])}`, { body: more })
    expect(changed.body).toMatchObject({ version: 2, amount: null })
    expect(changed.body['papers']).toHaveLength(3)
  })

  it('go out as small pictures, also by a link that opens nothing else', async () => {
    const form = new FormData()
    form.set('title', 'Wide')
    form.set('photo', new Blob([photo(400, 100, [255, 0, 0])]), 'wide.png')
    form.append('papers', new Blob(['text']), 'one.txt')
    const files = `${BASE}/orders/${String((await rest('POST', `${BASE}/orders`, { body: form })).body['id'])}/files`
    const bytes = async (url: string, headers = {}) => fetch(`${agent.url}${url}`, { headers })
    const size = async (answer: Response) => sizeOf(Buffer.from(await answer.arrayBuffer()))
    const small = (thumb: string) =>
      bytes(`/api/v1${files}/photo?thumb=${thumb}`, { authorization: `Bearer ${token}` })
    expect(await size(await small('60x40'))).toEqual([60, 40])
    expect(await size(await small('60x40t'))).toEqual([60, 40])
    expect(await size(await small('100x100f'))).toEqual([100, 25])
    expect(await size(await small('0x50'))).toEqual([200, 50])
    const first = await small('100x0')
    expect([first.headers.get('content-type'), await size(first)]).toEqual(['image/webp', [100, 25]])

    const url = String((await rest('GET', `${files}/photo?thumb=20x20&link=60`)).body['url'])
    const open = await bytes(url)
    expect(open.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(await size(open)).toEqual([20, 20])
    for (const bent of [url.replace('20x20', '90x90'), url.replace('&thumb=20x20', ''), `${url}&thumb=20x20`])
      expect((await bytes(bent)).status, bent).toBe(404)
    const whole = String((await rest('GET', `${files}/photo?link=60`)).body['url'])
    expect((await bytes(`${whole}&thumb=20x20`)).status).toBe(404)

    for (const wrong of ['', '100', '0x0', '5000x1', '10x10z', '-1x5']) {
      const answer = await rest('GET', `${files}/photo?thumb=${wrong}`)
      expect(answer, wrong).toMatchObject({ status: 400, body: { error: { code: 'REST_QUERY' } } })
    }
    expect(await rest('GET', `${files}/papers?thumb=20x20`)).toMatchObject({
      status: 415,
      body: { error: { code: 'HTTP_NO_PREVIEW' } },
    })
  })

  it('that are refused leave no file behind', async () => {
    const stored = async () =>
      (await agent.panel.query<unknown[]>('storage.list', { projectId, path: 'records/orders' })) as unknown
    const before = await stored()
    const form = new FormData()
    form.set('title', 'Refused')
    form.set('photo', new Blob(['no picture at all']), 'cat.png')
    const { status, body } = await rest('POST', `${BASE}/orders`, { body: form })
    expect([status, body.error['code']]).toEqual([400, 'RECORD_INVALID'])
    expect(body.error['fields']).toMatchObject({ photo: { code: 'FIELD_FILE_TYPE' } })
    expect(await stored()).toEqual(before)
    const wrong = new FormData()
    wrong.set('title', new Blob(['x']), 'x.txt')
    expect(await rest('POST', `${BASE}/orders`, { body: wrong })).toMatchObject({
      status: 400,
      body: { error: { code: 'REST_FORM', message: expect.stringContaining('"title"') as string } },
    })
    const broken = await rest('POST', `${BASE}/orders`, {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: 'not a form',
    })
    expect(broken).toMatchObject({ status: 400, body: { error: { code: 'REST_FORM' } } })
  })

  it.each([
    ['title', 404, 'REST_FILE'],
    ['photo', 404, 'REST_FILE'],
    ['nothing', 404, 'REST_FILE'],
    ['papers?link=5', 400, 'REST_QUERY'],
    ['papers?index=-1', 400, 'REST_QUERY'],
  ])('have no file at %s', async (path, status, code) => {
    const { id } = await made('orders', { title: 'Bare' })
    const answer = await rest('GET', `${BASE}/orders/${String(id)}/files/${path}`)
    // Without files the first question is whether there is one.
    expect([answer.status, answer.body.error['code']]).toEqual(
      path === 'papers?link=5' ? [404, 'REST_FILE'] : [status, code],
    )
  })
})

describe('figures and lists', () => {
  it('are given by groups, by the clock of a zone', async () => {
    await made('orders', { title: 'x', amount: 5, at: '2030-10-31T23:30:00Z' })
    await made('orders', { title: 'x', amount: 7, at: '2030-11-01T12:00:00Z' })
    const body = {
      filter: 'title = "x"',
      groupBy: [{ field: 'at', step: 'month' }],
      measures: { total: { sum: 'amount' } },
      timezone: 'Europe/Berlin',
    }
    expect((await rest('POST', `${BASE}/orders/aggregate`, { body })).body['rows']).toEqual([
      { at: '2030-10-31T23:00:00.000Z', total: 12 },
    ])
    const wrong = await rest('POST', `${BASE}/orders/aggregate`, { body: { measures: { a: { eval: 'x' } } } })
    expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'REST_BODY' } } })
  })

  it('say how much of the rate is left', async () => {
    const ask = async () => (await rest('GET', `${BASE}/people`)).headers
    const first = await ask()
    const second = await ask()
    expect(first.get('ratelimit-limit')).toBe('6000')
    expect(Number(second.get('ratelimit-remaining'))).toBeLessThan(200)
    expect(Number(second.get('ratelimit-reset'))).toBeGreaterThan(0)
  })
})

describe('a key for some models', () => {
  it('reads and writes those, and sees nothing of others through refs', async () => {
    const { id } = await made('people', { name: 'Secret', salary: 4711 })
    const order = await made('orders', { title: 'Order', customer: id })
    const only = await agent.key(projectId, ['records:read', 'records:write'], ['orders'])
    const ask = (method: string, path: string, body?: unknown) =>
      agent.rest(method, path, { token: only, ...(body !== undefined && { body }) })
    const forbidden = { status: 403, body: { error: { code: 'REST_MODEL' } } }
    expect(await ask('GET', `${BASE}/people`)).toMatchObject(forbidden)
    expect(await ask('GET', `${BASE}/people/${String(id)}`)).toMatchObject(forbidden)
    expect(await ask('GET', `${BASE}/people/events`)).toMatchObject(forbidden)
    expect(await ask('POST', `${BASE}/people/aggregate`, {})).toMatchObject(forbidden)
    const batch = { operations: [{ model: 'people', op: 'create', data: { name: 'Y' } }] }
    expect(await ask('POST', '/projects/shop/batch', batch)).toMatchObject(forbidden)

    const orders = `${BASE}/orders`
    for (const query of [
      'expand=customer',
      'fields=customer.salary',
      `filter=${encodeURIComponent('customer.salary > 4000')}`,
      `filter=${encodeURIComponent('{"customer.name":"Secret"}')}`,
    ]) {
      expect(await ask('GET', `${orders}?${query}`)).toMatchObject({
        status: 400,
        body: { error: { code: 'QUERY_FIELD_UNKNOWN' } },
      })
    }
    expect((await ask('GET', `${orders}/${String(order['id'])}`)).body).toMatchObject({ customer: id })
    expect((await ask('POST', orders, { title: 'New', customer: id })).status).toBe(201)
    const { body } = await ask('GET', '/openapi.json')
    expect(Object.keys((body['components'] as { schemas: Json }).schemas)).not.toContain('people')
  })
})

describe('server-sent events', () => {
  interface Listen {
    /** Text of the last event that is waited for. */
    until: string
    lastEventId?: string
    query?: string
  }

  async function listen({ until, lastEventId, query = '' }: Listen) {
    const left = new AbortController()
    const response = await fetch(`${agent.url}/api/v1${BASE}/people/events${query}`, {
      headers: { authorization: `Bearer ${token}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
      signal: left.signal,
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = (await reader.read()).value ?? ''
    return {
      async all() {
        while (!text.includes(until)) text += (await reader.read()).value ?? ''
        left.abort()
        return [...text.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.*)$/gm)].map(([, id, type, data]) => ({
          id: id!,
          type,
          name: (JSON.parse(data!) as { record: { name: string } }).record.name,
        }))
      },
    }
  }

  it('are of one record where only that is wanted', async () => {
    const { id } = await made('people', { name: 'Watched' })
    const stream = await listen({ until: '"Renamed"', query: `?record=${String(id)}` })
    await made('people', { name: 'Other' })
    await rest('PATCH', `${BASE}/people/${String(id)}`, { body: { name: 'Renamed' } })
    expect((await stream.all()).map(({ type, name }) => `${type} ${name}`)).toEqual(['update Renamed'])
    expect(await rest('GET', `${BASE}/people/events?record=x`)).toMatchObject({
      status: 400,
      body: { error: { code: 'REST_QUERY', message: expect.stringContaining('"record"') as string } },
    })
  })

  it('go on after the last that was seen, each once', async () => {
    const first = await listen({ until: '"Seen"' })
    await made('people', { name: 'Seen' })
    const seen = await first.all()
    expect(seen.map(({ name }) => name)).toEqual(['Seen'])
    await made('people', { name: 'Missed' })
    const { id } = await made('people', { name: 'Missed too' })
    await rest('DELETE', `${BASE}/people/${String(id)}`)
    await made('people', { name: 'Last' })
    const again = await (await listen({ until: '"Last"', lastEventId: seen.at(-1)!.id })).all()
    expect(again.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'insert Missed',
      'insert Missed too',
      'delete Missed too',
      'insert Last',
    ])
  })
})
