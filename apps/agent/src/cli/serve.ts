import { AppError, type Logger } from '@m3m/base'
import type { RestoreOrder } from '../backup/backup-folder.ts'
import { refuseWeakSecret } from '../config/jwt-secret.ts'
import { readConfig, type AgentConfig } from '../config/read-config.ts'
import { openAgentLog } from '../process/agent-log.ts'
import { onStopSignals } from '../process/stop-signals.ts'
import { banner } from '../serve/banner.ts'
import type { RunningAgent } from '../serve/start-agent.ts'
import { AGENT_VERSION } from '../version.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

/** As a shell says of a process that a signal ended: 128 + SIGINT. */
const HURRIED = 130

export const serve: Command = {
  name: 'serve',
  usage: 'serve [-c config.yaml]',
  summary: 'Runs the agent: panel, API and services, until SIGTERM or Ctrl+C.',
  words: [0, 0],
  options: CONFIG_OPTION,
  run: runServe,
}

async function runServe(io: CliIo, { options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  refuseWeakSecret(config)
  using logger = openAgentLog({ folder: config.logging.path, level: config.logging.level, print: io.out })
  logger.info('starting', { version: AGENT_VERSION, node: process.versions.node, pid: process.pid })
  const { promise: ending, resolve: end } = Promise.withResolvers<number>()
  const fail = (what: string) => (error: unknown) => {
    logger.error(what, { error })
    end(1)
  }
  process.on('uncaughtException', fail('something failed outside every request; the agent ends'))
  process.on('unhandledRejection', (error) =>
    logger.error('a promise failed unheard; please report it', { error }),
  )
  const stopListening = onStopSignals({
    stop: (signal) => {
      logger.info('stopping: services drain', { signal })
      end(0)
    },
    hurry: () => process.exit(HURRIED),
  })
  try {
    const onFatal = fail('the datastore ended for good; the agent ends')
    for (;;) {
      const order = await serveOnce({ io, config, logger, ending, onFatal })
      if (order === null) break
      logger.info('restoring a backup', { name: order.name, by: order.by })
      const { restoreAsOrdered } = await import('../backup/restore-as-ordered.ts')
      await restoreAsOrdered(config, order, logger)
    }
    logger.info('stopped')
    return await ending
  } catch (error) {
    // The reason goes to the terminal in full; the log keeps it for those who look later.
    if (error instanceof AppError) logger.debug('not started', { code: error.code })
    throw error
  } finally {
    stopListening()
  }
}

interface Serving {
  io: CliIo
  config: AgentConfig
  logger: Logger
  ending: Promise<number>
  onFatal(error: Error): void
}

/** One life of the agent: until it is to end (`null`), or until a backup is to take the place of its data. */
async function serveOnce({ io, config, logger, ending, onFatal }: Serving): Promise<RestoreOrder | null> {
  const { promise: ordered, resolve: onRestore } = Promise.withResolvers<RestoreOrder>()
  const { startAgent } = await import('../serve/start-agent.ts')
  const agent = await startAgent({ config, logger, onFatal, onRestore })
  announce({ io, agent, config })
  const order = await Promise.race([ending.then(() => null), ordered])
  await agent[Symbol.asyncDispose]()
  return order
}

interface Announcement {
  io: CliIo
  agent: RunningAgent
  config: AgentConfig
}

function announce({ io, agent, config }: Announcement): void {
  const { panelUrl, servicesUrl, fingerprint, datastore, setUpUrl } = agent
  const home = io.env['M3M_HOME'] === undefined ? null : config.home
  const facts = { panelUrl, servicesUrl, fingerprint, datastore, setUpUrl, home }
  io.out(banner({ ...facts, dataFolder: config.datastore.path, readyMs: performance.now() - startedMs() }))
}

/** `npm start` builds what is stale in this same process and marks when that was done (scripts/start.ts). */
function startedMs(): number {
  return performance.getEntriesByName('m3m:built')[0]?.startTime ?? 0
}
