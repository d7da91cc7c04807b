import type { RecordEvent, Tries } from '@m3m/data'
import type { HostContext, HostModule } from '../../module/define-module.ts'
import { logAttempt } from '../../module/log-attempt.ts'
import { RECORD_CHANGED } from '../../sandbox/record-handlers.ts'
import { HANDLER_MS, MAX_MODELS } from './events.contract.ts'

/** Changes of records by anyone, handed to the active run one after the other. */
export function createEventsHost({ recordEvents, project, enter, logger, log }: HostContext): HostModule {
  const models = new Set<string>()
  let consuming: { stop: AbortController; done: Promise<void> } | undefined
  let armed = false

  const handle = async (event: RecordEvent, { attempt, attempts }: Tries): Promise<void> => {
    try {
      await enter(RECORD_CHANGED, [event], { timeoutMs: HANDLER_MS })
    } catch (error) {
      const what = `A handler of ${event.type} in "${event.model}" (record ${event.recordId})`
      logAttempt(log, { what, attempt, attempts, then: 'this change is passed over', error })
      throw error
    }
  }
  const begin = (): void => {
    if (!armed || models.size === 0) return
    const stop = new AbortController()
    const watched = [...models]
    const done = recordEvents
      .consume({ projectId: project.id, consumer: 'service', models: watched, signal: stop.signal }, handle)
      .catch((error: unknown) =>
        logger.error('a service does not hear of changes of records', { error: String(error) }),
      )
    consuming = { stop, done }
  }
  const end = async (): Promise<void> => {
    const before = consuming
    consuming = undefined
    before?.stop.abort()
    await before?.done
  }
  return {
    calls: {
      async watch([model]) {
        if (typeof model !== 'string' || models.has(model) || models.size >= MAX_MODELS) return
        models.add(model)
        // A model watched while the run is active already: the consumer goes on with it from its saved position.
        if (!armed) return
        await end()
        begin()
      },
    },
    arm() {
      armed = true
      begin()
    },
    async disarm() {
      armed = false
      await end()
    },
    [Symbol.asyncDispose]: end,
  }
}
