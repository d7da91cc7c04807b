import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bootError } from '../../testing/fake-supervisor.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeEach(async () => {
  test = await openTestCore('alerts')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Tea house', slug: 'tea' })).id
})
afterEach(() => test[Symbol.asyncDispose]())

const webhook = { url: 'https://example.com/hook', secret: 'shared-secret' }
const rule = { kind: 'crashed' as const, channels: { webhook } }
const look = () => test.core.services.alerts.look()
const messages = () => test.post.posts.map(({ body }) => JSON.parse(body) as Record<string, string>)

async function crash(): Promise<void> {
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '// 1' }] })
  test.supervisor.plan({ bootError: bootError() })
  await root.runs.start({ projectId, source: { branch: 'develop' } }).catch(() => {})
}

describe('a trouble', () => {
  it('is told once when it begins and once when it is over, signed', async () => {
    await root.alerts.rules.save({ projectId, ...rule })
    await crash()
    await look()
    await look()
    expect(messages()).toMatchObject([{ event: 'trouble', kind: 'crashed', project: 'Tea house' }])
    const [{ body, headers } = { body: '', headers: {} as Record<string, string> }] = test.post.posts
    const signature = createHmac('sha256', webhook.secret).update(body).digest('hex')
    expect(headers['x-m3m-signature']).toBe(`sha256=${signature}`)
    expect(await root.alerts.list({ projectId })).toMatchObject([
      { kind: 'crashed', endedAt: null, deliveries: [{ channel: 'webhook', error: null }] },
    ])
    // Its reason is there as a code too, for a panel in another language.
    const [{ reason, because } = { reason: null, because: null }] = await root.alerts.list({ projectId })
    expect(because).toMatchObject({ code: bootError().code, message: reason })

    await root.runs.start({ projectId, source: { branch: 'develop' } })
    await look()
    expect(messages()).toHaveLength(1)
    test.clock.advance(60_000)
    await look()
    expect(messages().map(({ event }) => event)).toEqual(['trouble', 'recovery'])
    expect((await root.alerts.list({ projectId }))[0]!.endedAt).not.toBeNull()
  })

  it('that lasts is not told again after the agent has been restarted', async () => {
    await root.alerts.rules.save({ projectId, ...rule })
    await crash()
    await look()
    test = await test.restarted({ killed: true })
    await test.core.services.alerts.look()
    expect(await test.core.services.alerts.list(await rootActor(), { limit: 50 })).toHaveLength(1)
  })

  it('of the disk is found for the agent, and is over when there is room', async () => {
    await root.alerts.rules.save({ kind: 'disk', threshold: 10 })
    await look()
    expect(await root.alerts.list({})).toEqual([])
    test.disk.free = 4.26
    await look()
    expect(await root.alerts.list({})).toMatchObject([
      { kind: 'disk', projectId: null, value: 4.3, threshold: 10 },
    ])
    test.disk.free = null
    await look()
    expect((await root.alerts.list({}))[0]!.endedAt).toBeNull()
  })

  it('of a goal is told once for each day', async () => {
    await root.goals.create({ projectId, name: 'Cups', slug: 'cups', type: 'daily' })
    const goal = 'tea-cups'
    await root.alerts.rules.save({ projectId, kind: 'goal', threshold: 3, goal })
    await look()
    // It is of today: yesterday it could not count.
    expect(await root.alerts.list({ projectId })).toEqual([])
    test.clock.advance(86_400_000)
    await look()
    await look()
    expect(await test.core.services.alerts.list(await rootActor(), { projectId, limit: 50 })).toMatchObject([
      { kind: 'goal', value: 0, threshold: 3, goal },
    ])
  })
})

describe('a rule', () => {
  it('keeps its credentials sealed and never shows them', async () => {
    const telegram = { botToken: '123:abc', chatId: '-100200' }
    const saved = await root.alerts.rules.save({
      projectId,
      kind: 'crashed',
      channels: { webhook, telegram },
    })
    expect(saved.channels).toEqual({
      emails: [],
      webhook: { url: webhook.url, hasSecret: true },
      telegram: { chatId: telegram.chatId, hasToken: true },
    })
    const stored = JSON.stringify(await test.store.control.collection('alertRules').find().toArray())
    const audited = JSON.stringify(await root.audit.list({ limit: 50 }))
    for (const secret of [webhook.secret, telegram.botToken]) {
      expect(stored).not.toContain(secret)
      expect(audited).not.toContain(secret)
    }
    // Not sent again is kept.
    const again = { webhook: { url: webhook.url }, telegram: { chatId: '-7' } }
    await root.alerts.rules.save({ projectId, id: saved.id, kind: 'crashed', channels: again })
    await root.alerts.rules.test({ projectId, id: saved.id })
    const posts = new Map(test.post.posts.map((post) => [post.url, post]))
    expect([...posts.keys()].toSorted()).toEqual([
      'https://api.telegram.org/bot123:abc/sendMessage',
      webhook.url,
    ])
    expect(posts.get(webhook.url)!.headers['x-m3m-signature']).toBeDefined()
  })

  it('tells with its test what a channel says, without the token of a bot', async () => {
    const telegram = { botToken: '123:abc', chatId: '-100200' }
    const { id } = await root.alerts.rules.save({ projectId, kind: 'crashed', channels: { telegram } })
    test.post.failure = new Error('https://api.telegram.org/bot123:abc/sendMessage answered 401')
    expect(await root.alerts.rules.test({ projectId, id })).toEqual({
      deliveries: [{ channel: 'telegram', error: 'https://api.telegram.org/bot…/sendMessage answered 401' }],
    })
  })

  it('that makes no sense is refused and nothing is stored', async () => {
    for (const [wrong, code] of [
      [{ projectId, kind: 'errors' }, 'ALERTS_THRESHOLD'],
      [{ projectId, kind: 'errors', threshold: 101 }, 'ALERTS_THRESHOLD'],
      [{ projectId, kind: 'disk', threshold: 10 }, 'ALERTS_WRONG_OWNER'],
      [{ kind: 'goal', threshold: 1, goal: 'x' }, 'ALERTS_WRONG_OWNER'],
      [{ projectId, kind: 'goal', threshold: 1, goal: 'tea-nothing' }, 'ALERTS_NO_GOAL'],
      [{ projectId, kind: 'crashed', channels: { telegram: { chatId: '1' } } }, 'ALERTS_CREDENTIAL'],
    ] as const)
      await expect(root.alerts.rules.save(wrong as never)).rejects.toMatchObject({ cause: { code } })
    expect(await root.alerts.rules.list({ projectId })).toEqual([])
  })

  it('that is removed or switched off ends its alert without a word', async () => {
    const saved = await root.alerts.rules.save({ projectId, ...rule })
    await crash()
    await look()
    await root.alerts.rules.save({ projectId, id: saved.id, ...rule, enabled: false })
    await look()
    expect(messages()).toHaveLength(1)
    expect((await root.alerts.list({ projectId }))[0]!.endedAt).not.toBeNull()
    await root.alerts.rules.remove({ projectId, id: saved.id })
    await expect(root.alerts.rules.remove({ projectId, id: saved.id })).rejects.toMatchObject({
      cause: { code: 'ALERTS_NO_RULE' },
    })
  })
})

it('an outsider sees neither alerts nor their number', async () => {
  await root.alerts.rules.save({ projectId, ...rule })
  await crash()
  await look()
  const { caller } = await test.operator('outsider')
  expect(await caller.alerts.list({})).toEqual([])
  const stop = new AbortController()
  for await (const seen of test.core.services.alerts.watch(await actorOf('outsider'), stop.signal)) {
    expect(seen).toEqual({ open: 0 })
    stop.abort()
  }
})

async function rootActor() {
  return actorOf('root')
}

async function actorOf(name: string) {
  const stored = await test.store.control.collection('users').findOne({ email: new RegExp(`^${name}`) })
  const user = { ...stored!, id: String(stored!._id) }
  return { userId: user.id, name, address: null, user, sessionId: 'x' } as never
}
