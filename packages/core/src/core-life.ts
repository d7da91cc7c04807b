import type { CoreServices } from './app-router.ts'
import type { SessionsService } from './features/auth/sessions.service.ts'
import type { CoreDeps } from './core-deps.ts'
import type { Repos } from './core-repos.ts'

/** Sessions that have expired are ended so often: their sockets live on for at most this long. */
const SWEEP_MS = 60_000

/** How the control plane begins and ends. */
export interface CoreLife extends AsyncDisposable {
  /**
   * Makes indexes, writes down what a killed agent left behind and begins to start all that should run.
   * Answers when the API may be served; `services.runs` tells how the starts go on.
   */
  start(): Promise<void>
}

/** Start and end of the whole, and what goes on between them. */
export function createLife(
  { clock, logger }: CoreDeps,
  { repos, services, sessions }: { repos: Repos; services: CoreServices; sessions: SessionsService },
): CoreLife {
  let stopSweeping = () => {}
  let ended = false
  let ending: Promise<void> | undefined
  let starting: Promise<void> = Promise.resolve()

  function sweepLater(): void {
    stopSweeping = clock.after(SWEEP_MS, () => {
      sessions
        .sweep()
        .catch((error: unknown) => logger.error('expired sessions not ended', { error }))
        .finally(() => !ended && sweepLater())
        .catch(() => {})
    })
  }

  return {
    async start() {
      await Promise.all([
        ensureIndexes(Object.values(repos)),
        services.agentSettings.load(),
        services.plugins.load(),
      ])
      await services.runs.recover()
      await services.projects.finishRemovals()
      sweepLater()
      services.updates.start()
      await services.backups.start()
      await services.metrics.start(() => starting)
      await services.alerts.start()
      starting = services.runs.startDesired().catch((error: unknown) => {
        logger.error('desired runs not started', { error })
      })
    },
    [Symbol.asyncDispose]: () => (ending ??= end()),
  }

  async function end(): Promise<void> {
    ended = true
    stopSweeping()
    services.updates[Symbol.dispose]()
    services.requests[Symbol.dispose]()
    await services.backups[Symbol.asyncDispose]()
    await services.alerts[Symbol.asyncDispose]()
    await services.metrics[Symbol.asyncDispose]()
    await services.runs[Symbol.asyncDispose]()
    services.projects.news.close()
    await starting
  }
}

/** A few at a time: each waits for the datastore, and a connection more costs more than two waits. */
const INDEXES_AT_ONCE = 3

async function ensureIndexes(repos: (object & { ensureIndexes?: () => Promise<void> })[]): Promise<void> {
  const waiting = [...repos]
  const worker = async () => {
    for (let repo = waiting.shift(); repo; repo = waiting.shift()) await repo.ensureIndexes?.()
  }
  await Promise.all(Array.from({ length: INDEXES_AT_ONCE }, worker))
}
