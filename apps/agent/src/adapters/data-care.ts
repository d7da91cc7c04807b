import { messageOf, type Logger } from '@m3m/base'
import type { Supervisor } from '@m3m/core'
import type { DataEngine } from '@m3m/data'

const HOUR_MS = 3_600_000

/** A runner that died may have left an event half-written, and events wait in order: it is settled at once. */
export function repairAfterCrash(supervisor: Supervisor, data: DataEngine, logger: Logger): Supervisor {
  return {
    async boot(spec, options) {
      const run = await supervisor.boot(spec, options)
      void run.ended.then(async (end) => {
        if (end.kind !== 'crashed') return
        await data
          .repair(spec.projectId)
          .catch(told(logger, 'the data of a crashed service could not be settled'))
      })
      return run
    },
  }
}

/** Once an hour what is past its time goes: old events, trash, dead jobs. The returned end stops it. */
export function keepUp(data: DataEngine, logger: Logger): Disposable {
  const timer = setInterval(() => {
    void data.upkeep().catch(told(logger, 'the hourly upkeep of the data failed'))
  }, HOUR_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

const told = (logger: Logger, what: string) => (error: unknown) =>
  logger.warn(what, { reason: messageOf(error) })
