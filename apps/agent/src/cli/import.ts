import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readConfig } from '../config/read-config.ts'
import { cliErrors } from './cli.errors.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const importProject: Command = {
  name: 'import',
  usage: 'import <file> [--slug <slug>] [--name <name>]',
  summary: 'Takes in a project that "export" wrote, whole or not at all. The agent may run.',
  words: [1, 1],
  options: {
    ...CONFIG_OPTION,
    slug: { type: 'string', help: 'the address it gets here (default: as in the export)' },
    name: { type: 'string', help: 'the name it gets here (default: as in the export)' },
    'without-secrets': {
      type: 'boolean',
      help: 'go on although the key of its secret variables is missing; they have to be typed anew',
    },
  },
  run,
}

async function run(io: CliIo, { positionals, options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const file = resolve(io.cwd, positionals[0]!)
  if ((await stat(file).catch(() => null)) === null) throw cliErrors.CLI_NO_FILE({ file })
  const [{ composeCommand }, { importArchive }, { AGENT_ACTOR }, { importOptionsSchema }] = await Promise.all(
    [
      import('../compose-command.ts'),
      import('../moving/import-archive.ts'),
      import('@m3m/core'),
      import('@m3m/core/client'),
    ],
  )
  const asked = importOptionsSchema.safeParse({
    slug: options['slug'],
    name: options['name'],
    withoutSecrets: options['without-secrets'] === true,
  })
  if (!asked.success) {
    const { path, message } = asked.error.issues[0]!
    throw cliErrors.CLI_USAGE({ reason: `--${path.join('.')}: ${message}`, usage: importProject.usage })
  }
  await using command = await composeCommand(config)
  await command.data.ensureIndexes()
  const order = { file, actor: AGENT_ACTOR, isRoot: true, options: asked.data }
  const { name, slug } = await importArchive({ core: command.core, config }, order)
  io.out(`Imported "${name}" as ${slug}. It is stopped; root sees it and adds its members.`)
  return 0
}
