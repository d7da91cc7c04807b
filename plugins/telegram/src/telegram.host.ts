import type { PluginContext, PluginHost } from '@m3m/runtime/plugin'
import { createBotApi } from './bot-api.ts'
import { createLongPolling } from './long-polling.ts'

/** The half in the runner process: it speaks with Telegram, by the rules that the service's own requests obey. */
export function createTelegramHost(context: PluginContext): PluginHost {
  const api = createBotApi(context)
  const polling = createLongPolling(context, api)
  const token = (given: unknown) => given || context.config['token']
  let armed = false
  let wanted: { token: unknown } | null = null
  return {
    calls: {
      call: ([given, method, params]) => api.call(token(given), method, params, context.signal),
      poll([given]) {
        wanted = { token: token(given) }
        // Before the run is active another one may still be asking.
        if (armed) polling.start(wanted.token)
      },
      async stop() {
        wanted = null
        await polling.stop()
      },
    },
    arm() {
      armed = true
      if (wanted) polling.start(wanted.token)
    },
    async disarm() {
      armed = false
      await polling.stop()
    },
    shutdown: () => polling.stop(),
  }
}
