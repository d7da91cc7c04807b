import { messageOf, type Clock, type Logger } from '@m3m/base'
import type { Supervisor } from '@m3m/core'
import type { DataEngine } from '@m3m/data'

const HOUR_MS = 3_600_000

/** A runner that died may have left an event half-written, and events wait in order: it is settled at once. */
export function repairAfterCrash(
  supervisor: Supervisor,
  data: Pick<DataEngine, 'repair'>,
  logger: Logger,
): Supervisor {
  return {
    expect: (project) => supervisor.expect(project),
    async boot(spec, options) {
      const run = await supervisor.boot(spec, options)
      void run.ended.then(async (end) => {
        if (end.kind === 'stopped') return
        await data
          .repair(spec.projectId)
          .catch(told(logger, 'the data of a crashed service could not be settled'))
      })
      return run
    },
  }
}

/** Once an hour what is past its time goes: old events, trash, dead jobs. The returned end stops it. */
export function keepUp(data: Pick<DataEngine, 'upkeep'>, clock: Clock, logger: Logger): Disposable {
  let ended = false
  let stop = next()

  function next() {
    return clock.after(HOUR_MS, () => {
      data
        .upkeep()
        .catch(told(logger, 'the hourly upkeep of the data failed'))
        // An upkeep that takes longer than an hour is not overtaken by the next one.
        .finally(() => {
          if (!ended) stop = next()
        })
        .catch(() => {})
    })
  }
  return {
    [Symbol.dispose]() {
      ended = true
      stop()
    },
  }
}

const told = (logger: Logger, what: string) => (error: unknown) =>
  logger.warn(what, { reason: messageOf(error) })
