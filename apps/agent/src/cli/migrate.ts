import { resolve } from 'node:path'
import { readConfig } from '../config/read-config.ts'
import { servingProcess } from '../serve/agent-lock.ts'
import { backupErrors } from '../backup/backup.errors.ts'
import { cliErrors } from './cli.errors.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const migrate: Command = {
  name: 'migrate',
  usage: 'migrate --to mongodb://… | --from mongodb://…',
  summary:
    'Copies the embedded datastore to a MongoDB server, or back, and compares count and hash of each collection. May be run again after an interruption. The agent must be stopped.',
  words: [0, 0],
  options: {
    ...CONFIG_OPTION,
    to: { type: 'string', help: 'address of the server that gets the data' },
    from: { type: 'string', help: 'address of the server whose data comes here' },
  },
  run: copy,
}

async function copy(io: CliIo, { options }: CommandArguments): Promise<number> {
  const { to, from } = options as { to?: string; from?: string }
  const uri = to ?? from
  if (uri === undefined || (to !== undefined && from !== undefined))
    throw cliErrors.CLI_USAGE({ reason: 'Name one server, by --to or by --from.', usage: migrate.usage })
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const path = resolve(config.datastore.path)
  const pid = servingProcess(path)
  if (pid !== null) throw backupErrors.BACKUP_AGENT_RUNS({ folder: path, pid })
  const { copyDatabase, openDatastore } = await import('@m3m/datastore')
  const { database } = config.mongodb
  await using embedded = await openDatastore({ mongodb: { database }, path })
  await using server = await openDatastore({ mongodb: { uri, database }, path })
  const [source, target] = to === undefined ? [server, embedded] : [embedded, server]
  for (const name of ['control', 'data'] as const) {
    const done = await copyDatabase({
      from: source[name],
      to: target[name],
      onProgress: ({ collection, documents }) => io.err(`${collection}: ${documents}`),
    })
    const documents = Object.values(done).reduce((sum, one) => sum + one.documents, 0)
    io.out(
      `${target[name].databaseName}: ${Object.keys(done).length} collections, ${documents} documents, compared.`,
    )
  }
  io.out(
    to === undefined
      ? 'Remove mongodb.uri from config.yaml and start the agent.'
      : 'Set mongodb.uri in config.yaml to this address and start the agent. Secret variables stay sealed with the same secrets.key.',
  )
  return 0
}
