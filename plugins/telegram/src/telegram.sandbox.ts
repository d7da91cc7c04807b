import type { Awaitable, Lane, SandboxRoom } from '@m3m/runtime/plugin'
import { Handlers, type Handler, type Pattern } from './handlers.sandbox.ts'
import { inlineKeyboard, keyboard, removeKeyboard } from './keyboards.sandbox.ts'
import { SECRET_HEADER, TOKEN_VARIABLE, type Update } from './telegram.contract.ts'

/** Modules of m3m, which are there before a plugin is. */
interface World {
  env: { get(key: string): unknown }
  crypto: { sha256(text: string): string }
  router: {
    post(path: string, handler: (ctx: Request) => unknown): void
    response(status: number, body?: unknown): unknown
  }
}
interface Request {
  headers: Record<string, string | undefined>
  body: Update
}
type Params = Record<string, unknown>
type Options = Params | undefined
interface WebhookOptions {
  path?: string
  url?: string
}

const { env, crypto, router } = globalThis as unknown as World

// What both spellings share: a bot is one, whoever registers.
const handlers = new Handlers()
let isListening = false

/** The half inside of the isolate. */
export const room: SandboxRoom = (lane, kernel) => {
  const call = (method: string, params: Options = {}): Awaitable<unknown> =>
    lane.call('telegram.call', [env.get(TOKEN_VARIABLE) ?? null, method, params])
  const register = (add: () => void): void => {
    add()
    if (isListening) return
    isListening = true
    kernel.on('telegram.update', (update) => handle(update as Update))
  }
  const handle = async (update: Update): Promise<boolean> => {
    const found = handlers.find(update)
    if (!found) return false
    await found.handler({ ...found.facts, ...abilities(call, found.facts) })
    return true
  }
  const withContext = (handler: Handler): Handler => {
    if (typeof handler !== 'function')
      throw kernel.error('TELEGRAM_HANDLER', 'A handler of telegram must be a function (ctx) => ….')
    return handler
  }

  return {
    command: (name: string, handler: Handler) =>
      register(() => handlers.command(String(name), withContext(handler))),
    text: (pattern: Pattern, handler: Handler) =>
      register(() => handlers.text(pattern, withContext(handler))),
    callback: (pattern: Pattern, handler: Handler) =>
      register(() => handlers.callback(pattern, withContext(handler))),
    on: (kind: string, handler: Handler) => register(() => handlers.on(kind, withContext(handler))),
    call,
    sendMessage: (chatId: unknown, text: unknown, options?: Options) =>
      call('sendMessage', { ...options, chat_id: chatId, text: String(text) }),
    ...{ keyboard, inlineKeyboard, removeKeyboard, handle },
    poll: () => lane.call('telegram.poll', [env.get(TOKEN_VARIABLE) ?? null]),
    stop: () => lane.call('telegram.stop', []),
    webhook: (options: WebhookOptions = {}) => webhook(lane, call, { handle, options }),
  }
}

/** What a context can do, by the spelling its handler was registered with. */
function abilities(call: (method: string, params: Options) => Awaitable<unknown>, facts: Params): Params {
  const chat = facts['chat'] as { id?: unknown } | undefined
  const query = (facts['update'] as Params)['callback_query'] as { id?: unknown } | undefined
  return {
    reply: (text: unknown, options?: Options) =>
      call('sendMessage', { ...options, chat_id: chat?.id, text: String(text) }),
    /** Ends the little clock on a button that was pressed. */
    answer: (text = '', options?: Options) =>
      call('answerCallbackQuery', { ...options, callback_query_id: query?.id, text }),
  }
}

interface WebhookWork {
  handle(update: Update): Promise<boolean>
  options: WebhookOptions
}

function webhook(
  lane: Lane,
  call: (method: string, params: Options) => Awaitable<unknown>,
  { handle, options: { path = '/telegram', url } }: WebhookWork,
): Awaitable<unknown> {
  // Known to the bot's owner and Telegram alone, and the same after a restart.
  const secret = crypto.sha256(`m3m webhook ${String(env.get(TOKEN_VARIABLE) ?? '')} ${path}`)
  router.post(path, async ({ headers, body }) => {
    if (headers[SECRET_HEADER] !== secret) return router.response(403, { error: 'not from Telegram' })
    await handle(body)
    return router.response(200, { ok: true })
  })
  if (url === undefined) return lane.map(null, () => ({ path, secret }))
  return lane.map(call('setWebhook', { url, secret_token: secret }), () => ({ path, secret }))
}
