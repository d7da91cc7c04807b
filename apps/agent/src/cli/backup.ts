import { resolve } from 'node:path'
import { readConfig } from '../config/read-config.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const backup: Command = {
  name: 'backup',
  usage: 'backup [file] [--with-key]',
  summary:
    'Writes everything of this agent to one file (.tar.zst), checked before it gets its name. The agent may run.',
  words: [0, 1],
  options: {
    ...CONFIG_OPTION,
    'with-key': {
      type: 'boolean',
      help: 'the key of secret variables goes along: keep such a file as safe as the server',
    },
  },
  run: make,
}

async function make(io: CliIo, { positionals, options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const to = resolve(
    io.cwd,
    positionals[0] ?? `m3m-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.tar.zst`,
  )
  const { makeBackup } = await import('../backup/make-backup.ts')
  const { documents, files, sizeBytes } = await makeBackup(config, {
    to,
    withKey: options['with-key'] === true,
  })
  io.out(
    `${to}: ${documents} documents, ${files} files, ${(sizeBytes / 1e6).toFixed(1)} MB, read back and compared.`,
  )
  if (options['with-key'] !== true)
    io.out(
      `Keep a copy of ${config.datastore.path}/secrets.key apart from it: secret variables are sealed with that key.`,
    )
  return 0
}
