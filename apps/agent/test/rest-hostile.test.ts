// What no program and no page may bring about, at the doors of the agent: the rules themselves are tested in @m3m/data.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGENT_START_MS, openRestAgent, type Json, type RestAgent } from './rest-agent.ts'

const THINGS = '/projects/shop/records/things'

let agent: RestAgent
let projectId: string
let token: string

beforeAll(async () => {
  agent = await openRestAgent()
  projectId = await agent.project('shop')
  const fields = [
    { key: 'name', type: 'string' },
    { key: 'meta', type: 'document' },
  ]
  await agent.panel.mutate('models.create', { projectId, name: 'Things', slug: 'things', fields })
  token = await agent.key(projectId, ['records:read', 'records:write'])
  await agent.rest('POST', THINGS, { token, body: { name: 'Safe' } })
}, AGENT_START_MS)
afterAll(() => agent[Symbol.asyncDispose]())

/** Text, since no object of ours is nested so deep. */
const deepFilter = `${'{"$and":['.repeat(10_000)}{"name":"x"}${']}'.repeat(10_000)}`
const HOSTILE: [string, string][] = [
  ['$where', '{"$where":"sleep(1000)"}'],
  ['$expr', '{"$expr":{"$gt":["$version",0]}}'],
  ['an operator inside', '{"name":{"$function":{"body":"x","args":[],"lang":"js"}}}'],
  ['an object for a value', '{"name":{"$gt":{"$ne":null}}}'],
  ['a prototype', '{"__proto__":{"$where":"1"}}'],
  ['a constructor', '{"constructor":{"prototype":{"x":1}}}'],
  ['a prototype in a path', '{"meta.__proto__.x":1}'],
  ['look-around', '{"name":{"$regex":"(?=a)"}}'],
  ['a list without end', JSON.stringify({ name: { $in: Array.from({ length: 1500 }, () => '') } })],
  ['10,000 levels', deepFilter],
]

/** Refused as something a client can mend; never an answer of 5xx, never a list. */
function expectRefused({ status, body }: { status: number; body: Json }): void {
  expect([status, JSON.stringify(body).slice(0, 300)]).toEqual([
    expect.toBeOneOf([400, 413, 414, 431]),
    expect.not.stringContaining('INTERNAL_BUG'),
  ])
}

async function raw(path: string, body: string): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${agent.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${path.startsWith('/trpc') ? agent.panel.token : token}`,
      'content-type': 'application/json',
    },
    body,
  })
  return { status: response.status, body: (await response.json()) as Json }
}

describe.each(HOSTILE)('%s is refused', (_name, filter) => {
  it('in a query string', async () => {
    // What does not fit into a head is refused by the server itself.
    if (filter.length > 10_000) return
    expectRefused(await agent.rest('GET', `${THINGS}?filter=${encodeURIComponent(filter)}`, { token }))
  })
  it('in the body of an aggregate', async () => {
    expectRefused(await raw(`/api/v1${THINGS}/aggregate`, `{"filter":${filter}}`))
  })
  it('in a call of the panel', async () => {
    const input = `{"projectId":"${projectId}","model":"things","filter":${filter}}`
    const response = await fetch(`${agent.url}/trpc/records.list?input=${encodeURIComponent(input)}`, {
      headers: { authorization: `Bearer ${agent.panel.token}` },
    })
    expect(response.status).toBeOneOf([400, 413, 414, 431])
  })
})

describe('hostile records', () => {
  it.each([
    ['{"name":{"$gt":""}}'],
    ['{"meta":{"$where":"1"}}'],
    ['{"__proto__":{"name":"x"}}'],
    ['{"meta":{"__proto__":{"admin":true}}}'],
    ['{"constructor":{"prototype":{"admin":true}}}'],
    ['{"$set":{"name":"x"}}'],
    ['[{"name":"x"}]'],
    ['"x"'],
    ['{"name":"x"'],
    [`{"meta":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
    [`{"meta":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ])('%.60s is no record', async (body) => {
    expectRefused(await raw(`/api/v1${THINGS}`, body))
    const call = await raw(
      '/trpc/records.create',
      `{"projectId":"${projectId}","model":"things","data":${body}}`,
    )
    expect(call.status).toBeOneOf([400, 413])
  })

  it('leave nothing behind', async () => {
    const { body } = await agent.rest('GET', THINGS, { token })
    expect(body).toMatchObject({ total: 1, items: [{ name: 'Safe', version: 1 }] })
    expect(({} as Json)['admin']).toBeUndefined()
  })
})
