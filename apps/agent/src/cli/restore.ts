import { resolve } from 'node:path'
import { readConfig } from '../config/read-config.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const restore: Command = {
  name: 'restore',
  usage: 'restore <file> [--without-secrets]',
  summary:
    'Puts a backup in the place of this agent’s data, which is kept beside it. The agent must be stopped.',
  words: [1, 1],
  options: {
    ...CONFIG_OPTION,
    'without-secrets': {
      type: 'boolean',
      help: 'go on although the key of secret variables is missing; they have to be typed anew',
    },
  },
  run: put,
}

async function put(io: CliIo, { positionals, options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const from = resolve(io.cwd, positionals[0]!)
  const { restoreBackup } = await import('../backup/restore-backup.ts')
  const { manifest, kept } = await restoreBackup(config, {
    from,
    withoutSecrets: options['without-secrets'] === true,
  })
  io.out(`Restored the agent as of ${manifest.createdAt}. Start it: m3m-agent serve`)
  for (const place of kept) io.out(`What was there before is kept as ${place}`)
  return 0
}
