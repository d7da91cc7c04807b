import { pause, pluginFailure, type PluginContext } from '@m3m/runtime/plugin'

/** `123456:ABC-…`: digits, a colon and a key. Checked before it is put into an address. */
const TOKEN = /^\d{3,20}:[\w-]{10,100}$/
const METHOD = /^[A-Za-z]{3,64}$/
/** The Bot API says how long to wait; longer than this a service should decide for itself. */
const MAX_WAIT_SECONDS = 5

interface Answer {
  ok?: boolean
  result?: unknown
  error_code?: number
  description?: string
  parameters?: { retry_after?: number }
}

export interface BotApi {
  /**
   * Calls a method of the Bot API; once more when it is asked to wait a few seconds.
   *
   * @throws TELEGRAM_TOKEN, TELEGRAM_METHOD, TELEGRAM_REFUSED, TELEGRAM_UNREACHABLE, and what the outbound guard refuses
   */
  call(token: unknown, method: unknown, params: unknown, signal: AbortSignal): Promise<unknown>
}

export function createBotApi({ config, http }: PluginContext): BotApi {
  const base = String(config['apiUrl']).replace(/\/+$/, '')
  const ask = async (url: string, json: unknown, signal: AbortSignal): Promise<Answer> => {
    const answer = await http.request({ url, json, signal, timeoutMs: 60_000 })
    try {
      return answer.json() as Answer
    } catch {
      throw pluginFailure(
        'TELEGRAM_UNREACHABLE',
        `${base} answered ${answer.status} and no JSON; look at the setting apiUrl of the plugin.`,
        502,
      )
    }
  }
  return {
    async call(given, method, params, signal) {
      const token = tokenOf(given)
      if (typeof method !== 'string' || !METHOD.test(method))
        throw pluginFailure('TELEGRAM_METHOD', `"${String(method)}" is no method such as sendMessage.`)
      const url = `${base}/bot${token}/${method}`
      let answer = await ask(url, params ?? {}, signal)
      const waitSeconds = answer.parameters?.retry_after ?? Infinity
      if (answer.error_code === 429 && waitSeconds <= MAX_WAIT_SECONDS) {
        await pause(waitSeconds * 1_000, signal)
        answer = await ask(url, params ?? {}, signal)
      }
      if (answer.ok === true) return answer.result
      throw pluginFailure(
        'TELEGRAM_REFUSED',
        `Telegram refused ${method}: ${answer.error_code ?? 'unknown'} ${answer.description ?? ''}`.trim(),
        answer.error_code === 429 ? 429 : 502,
      )
    },
  }
}

/** @throws TELEGRAM_TOKEN, which never repeats what was given */
function tokenOf(token: unknown): string {
  if (typeof token === 'string' && TOKEN.test(token)) return token
  throw pluginFailure(
    'TELEGRAM_TOKEN',
    token
      ? 'The token of the bot does not look like 123456:ABC-DEF; copy it from @BotFather again.'
      : 'There is no token of a bot; add the secret variable TELEGRAM_TOKEN to the project, or set "token" of the plugin.',
  )
}
