import type { Datastore } from '@m3m/datastore'
import { type AgentConfig, readConfig } from '../config/read-config.ts'
import type { CliIo, CommandArguments } from './command.ts'

/** The datastore of the configuration, beside a serving agent or without one. Whoever opens it ends it. @throws DATASTORE_* */
export async function openStore(
  io: CliIo,
  { options }: CommandArguments,
): Promise<{ config: AgentConfig; store: Datastore }> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const { openDatastore } = await import('@m3m/datastore')
  const { mongodb, datastore } = config
  return { config, store: await openDatastore({ mongodb, path: datastore.path, attach: true }) }
}
