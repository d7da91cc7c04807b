import { AppError } from '@m3m/base'
import { refuseWeakSecret } from '../config/jwt-secret.ts'
import { readConfig } from '../config/read-config.ts'
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
    const { startAgent } = await import('../serve/start-agent.ts')
    const agent = await startAgent({
      config,
      logger,
      onFatal: fail('the datastore ended for good; the agent ends'),
    })
    announce({ io, agent, config })
    const code = await ending
    await agent[Symbol.asyncDispose]()
    logger.info('stopped')
    return code
  } catch (error) {
    // The reason goes to the terminal in full; the log keeps it for those who look later.
    if (error instanceof AppError) logger.debug('not started', { code: error.code })
    throw error
  } finally {
    stopListening()
  }
}

interface Announcement {
  io: CliIo
  agent: RunningAgent
  config: ReturnType<typeof readConfig>
}

function announce({ io, agent, config }: Announcement): void {
  const { panelUrl, servicesUrl, fingerprint, datastore, hasOperator } = agent
  const home = io.env['M3M_HOME'] === undefined ? null : config.home
  const facts = { panelUrl, servicesUrl, fingerprint, datastore, hasOperator, home }
  io.out(banner({ ...facts, dataFolder: config.datastore.path, readyMs: performance.now() - startedMs() }))
}

/** `npm start` builds what is stale in this same process and marks when that was done (scripts/start.ts). */
function startedMs(): number {
  return performance.getEntriesByName('m3m:built')[0]?.startTime ?? 0
}
