// The Telegram plugin against a Bot API on loopback: a real runner, a real isolate, real requests.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { silentLogger } from '@m3m/base'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'
import { createPluginCatalogue } from './plugin-catalogue.ts'

const TOKEN = '123456:abcdefghijklmnopqrstuvwxyz'
const folder = resolve(import.meta.dirname, '../../../../plugins')

type Params = Record<string, unknown>

/** As much of the Bot API as a bot needs: updates wait until they are confirmed by an offset. */
class FakeBotApi implements AsyncDisposable {
  readonly calls: { method: string; params: Params }[] = []
  readonly #server: Server
  readonly #updates: { update_id: number }[] = []
  readonly #refusals: object[] = []
  #lastId = 100

  static async open(): Promise<FakeBotApi> {
    const api = new FakeBotApi()
    await new Promise<void>((done) => api.#server.listen(0, '127.0.0.1', done))
    return api
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const params = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Params
        const answer = this.#answer(request.url ?? '', params)
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get waiting(): number {
    return this.#updates.length
  }

  /** Somebody does something in a chat. */
  push(update: Params): void {
    this.#updates.push({ update_id: ++this.#lastId, ...update })
  }

  message(text: string, chatId = 7): void {
    this.push({ message: { message_id: 1, chat: { id: chatId }, from: { id: 1, first_name: 'Ann' }, text } })
  }

  refuseNext(refusal: object): void {
    this.#refusals.push(refusal)
  }

  sent(method = 'sendMessage'): Params[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params)
  }

  #answer(url: string, params: Params): object {
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(url) ?? []
    if (token !== TOKEN) return { ok: false, error_code: 401, description: 'Unauthorized' }
    this.calls.push({ method, params })
    const refusal = method === 'getUpdates' ? undefined : this.#refusals.shift()
    if (refusal) return refusal
    return { ok: true, result: method === 'getUpdates' ? this.#take(Number(params['offset'])) : { method } }
  }

  #take(offset: number): object[] {
    while (this.#updates[0] && this.#updates[0].update_id < offset) this.#updates.shift()
    return [...this.#updates]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }
}

async function openBot(api: FakeBotApi, code: string, settings: Params = { token: TOKEN }) {
  const config = { telegram: { apiUrl: api.url, pollSeconds: 0, ...settings } }
  const plugins = createPluginCatalogue({ folder, config: () => config, logger: silentLogger })
  const agent = await openTestAgent({ plugins })
  const boot = async () => {
    const spec = agent.spec('bot', code, { plugins: ['telegram'] })
    const run = await agent.supervisor.boot({ ...spec, outbound: { allow: ['loopback'], hosts: [] } })
    await run.activate()
    return run
  }
  return { agent, boot, run: await boot(), [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose]() }
}

const send = async (agent: TestAgent, path: string, body: unknown, headers: Record<string, string> = {}) =>
  await fetch(`${agent.base('bot')}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

test('a bot by long polling: commands, texts, patterns, buttons, in both spellings', async () => {
  await using api = await FakeBotApi.open()
  await using bot = await openBot(
    api,
    `telegram.command('start', (ctx) => ctx.reply('Hello, ' + ctx.from.first_name, { reply_markup: telegram.keyboard([['Yes', 'No']]) }))
     $telegram.command('add', (ctx) => { $telegram.sendMessage(ctx.chat.id, String(ctx.args.reduce((a, b) => a + Number(b), 0))) })
     telegram.text('Price', (ctx) => ctx.reply('5', { reply_markup: telegram.inlineKeyboard([{ Buy: 'buy:tea', Site: 'https://example.com' }]) }))
     telegram.text(/^order (\\d+)$/gi, (ctx) => ctx.reply('order ' + ctx.match[1]))
     telegram.callback(/^buy:(.+)$/, async (ctx) => { await ctx.answer('Thanks'); await ctx.reply('bought ' + ctx.match[1]) })
     telegram.on('message', (ctx) => ctx.reply('what is ' + ctx.text, { reply_markup: telegram.removeKeyboard() }))
     service.start(() => telegram.poll())`,
  )
  for (const text of ['/start', '/add@my_bot 2 40', 'Price', 'Order 8', 'ORDER 9', 'tea']) api.message(text)
  api.push({ callback_query: { id: 'q', from: { id: 1 }, data: 'buy:tea', message: { chat: { id: 7 } } } })
  await expect.poll(() => api.sent().length).toBe(7)
  expect(api.sent()).toEqual([
    {
      chat_id: 7,
      text: 'Hello, Ann',
      reply_markup: { keyboard: [[{ text: 'Yes' }, { text: 'No' }]], resize_keyboard: true },
    },
    { chat_id: 7, text: '42' },
    {
      chat_id: 7,
      text: '5',
      reply_markup: {
        inline_keyboard: [
          [
            { text: 'Buy', callback_data: 'buy:tea' },
            { text: 'Site', url: 'https://example.com' },
          ],
        ],
      },
    },
    { chat_id: 7, text: 'order 8' },
    { chat_id: 7, text: 'order 9' },
    { chat_id: 7, text: 'what is tea', reply_markup: { remove_keyboard: true } },
    { chat_id: 7, text: 'bought tea' },
  ])
  expect(api.sent('answerCallbackQuery')).toEqual([{ callback_query_id: 'q', text: 'Thanks' }])
  expect(api.calls[0]!.method).toBe('deleteWebhook')
  await expect.poll(() => api.waiting).toBe(0)
  void bot
})

test('what was handled is confirmed before another version takes over, and nothing is handled twice', async () => {
  await using api = await FakeBotApi.open()
  await using bot = await openBot(
    api,
    `telegram.on('message', (ctx) => ctx.reply(ctx.text)); service.start(() => telegram.poll())`,
  )
  api.message('one')
  await expect.poll(() => api.sent().length).toBe(1)
  await bot.run.disarm()
  expect(api.waiting).toBe(0)
  const next = await bot.boot()
  await bot.run.stop({ graceMs: 1_000 })
  api.message('two')
  await expect.poll(() => api.sent().map(({ text }) => text)).toEqual(['one', 'two'])
  await next.stop({ graceMs: 1_000 })
  const asked = api.calls.length
  api.message('three')
  expect(api.calls.length).toBe(asked)
})

test('a handler that throws is in the log, and the next update is handled', async () => {
  await using api = await FakeBotApi.open()
  await using bot = await openBot(
    api,
    `telegram.command('bad', () => { throw new Error('no luck') })
     telegram.command('good', (ctx) => ctx.reply('fine'))
     service.start(() => telegram.poll())`,
  )
  api.message('/bad')
  api.message('/good')
  await expect.poll(() => api.sent().map(({ text }) => text)).toEqual(['fine'])
  void bot
})

test('a bot by webhook: Telegram is told the address, and what does not come from it gets 403', async () => {
  await using api = await FakeBotApi.open()
  await using bot = await openBot(
    api,
    `telegram.command('start', (ctx) => ctx.reply('by webhook'))
     service.boot(() => telegram.webhook({ path: '/hook', url: 'https://bot.example.com/hook' }))`,
  )
  const [set] = api.sent('setWebhook')
  expect(set).toEqual({
    url: 'https://bot.example.com/hook',
    secret_token: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  const update = { update_id: 1, message: { chat: { id: 3 }, from: { id: 1 }, text: '/start' } }
  expect((await send(bot.agent, '/hook', update)).status).toBe(403)
  expect(api.sent()).toEqual([])
  const secret = { 'x-telegram-bot-api-secret-token': String(set!['secret_token']) }
  expect((await send(bot.agent, '/hook', update, secret)).status).toBe(200)
  expect(api.sent()).toEqual([{ chat_id: 3, text: 'by webhook' }])
})

test('what Telegram refuses is told with its words, and a short limit is waited for', async () => {
  await using api = await FakeBotApi.open()
  await using bot = await openBot(
    api,
    `router.post('/', async (ctx) => { try { return { sent: await telegram.sendMessage(ctx.body.to, 'x') } } catch (error) { return { code: error.code, message: error.message } } })`,
  )
  const tried = async () => await (await send(bot.agent, '/', { to: 5 })).json()
  api.refuseNext({ ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' })
  expect(await tried()).toEqual({
    code: 'TELEGRAM_REFUSED',
    message: 'Telegram refused sendMessage: 403 Forbidden: bot was blocked by the user',
  })
  api.refuseNext({ ok: false, error_code: 429, description: 'Too Many', parameters: { retry_after: 0 } })
  expect(await tried()).toMatchObject({ sent: { method: 'sendMessage' } })
  api.refuseNext({ ok: false, error_code: 429, description: 'Too Many', parameters: { retry_after: 60 } })
  expect(await tried()).toMatchObject({ code: 'TELEGRAM_REFUSED' })
})

test.each([
  ['none', {}, 'add the secret variable TELEGRAM_TOKEN'],
  ['a wrong one', { token: 'hunter2/../x' }, 'does not look like'],
])('with %s for a token it says what to do, and nothing is sent', async (_what, { token }: Params, cure) => {
  await using api = await FakeBotApi.open()
  await using bot = await openBot(
    api,
    `router.post('/', async () => { try { return await telegram.call('getMe') } catch (error) { return { code: error.code, message: error.message } } })`,
    token ? { token } : {},
  )
  const answer = (await (await send(bot.agent, '/', {})).json()) as { message: string }
  expect(answer).toMatchObject({ code: 'TELEGRAM_TOKEN', message: expect.stringContaining(cure) })
  expect(answer.message).not.toContain('hunter2')
  expect(api.calls).toEqual([])
})
