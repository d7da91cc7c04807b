import { pause, type PluginContext } from '@m3m/runtime/plugin'
import type { BotApi } from './bot-api.ts'
import { MAX_UPDATES, type Update } from './telegram.contract.ts'

/** Between two questions after one that failed; it doubles, and a question that succeeds sets it back. */
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 30_000

export interface LongPolling {
  /** Gets updates until it is stopped. Asked twice it goes on with the later token. */
  start(token: unknown): void
  /** Settles when nothing is handled any more and what was handled is confirmed. */
  stop(): Promise<void>
}

/** Asks for updates and hands them to the service: those of one chat one after the other, chats side by side. */
export function createLongPolling(
  { config, logger, enter, signal }: PluginContext,
  api: BotApi,
): LongPolling {
  const waitSeconds = Math.min(50, Math.max(0, Number(config['pollSeconds'])))
  let running: { stop: AbortController; over: Promise<void> } | null = null

  async function poll(token: unknown, stopped: AbortSignal): Promise<void> {
    let offset = 0
    let pauseMs = 0
    // A bot has a webhook or asks; Telegram refuses to answer while both are there.
    let isOurs = false
    while (!stopped.aborted) {
      try {
        if (!isOurs) await api.call(token, 'deleteWebhook', {}, stopped)
        isOurs = true
        const asked = { offset, timeout: waitSeconds, limit: MAX_UPDATES }
        const updates = (await api.call(token, 'getUpdates', asked, stopped)) as Update[]
        await handle(updates)
        offset = updates.reduce((next, { update_id: id }) => Math.max(next, id + 1), offset)
        pauseMs = 0
      } catch (error) {
        if (stopped.aborted) break
        // Told once, not at every try.
        if (pauseMs === 0) logger.error(`No updates: ${(error as Error).message} Trying again.`)
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2 || FIRST_PAUSE_MS)
        await pause(pauseMs, stopped)
      }
    }
    // The run that comes after this one must not be given again what was handled here.
    if (offset > 0)
      await api.call(token, 'getUpdates', { offset, timeout: 0, limit: 1 }, signal).catch(() => {})
  }

  async function handle(updates: readonly Update[]): Promise<void> {
    const chats = Map.groupBy(updates, chatOf)
    await Promise.all(
      [...chats.values()].map(async (ofChat) => {
        for (const update of ofChat)
          await enter('update', [update]).catch((error: unknown) =>
            logger.error(`Update ${update.update_id}: ${(error as Error).message}`),
          )
      }),
    )
  }

  async function stop(): Promise<void> {
    const was = running
    running = null
    was?.stop.abort()
    await was?.over
  }

  return {
    start(token) {
      const before = stop()
      const stopping = new AbortController()
      const stopped = AbortSignal.any([stopping.signal, signal])
      const over = before.then(() => poll(token, stopped))
      running = { stop: stopping, over: over.catch(() => {}) }
    },
    stop,
  }
}

/** Updates of no chat are one chat of their own. */
function chatOf(update: Update): unknown {
  for (const part of Object.values(update)) {
    const { chat, message } = (part ?? {}) as {
      chat?: { id?: unknown }
      message?: { chat?: { id?: unknown } }
    }
    const id = chat?.id ?? message?.chat?.id
    if (id !== undefined) return id
  }
  return null
}
