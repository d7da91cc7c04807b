import { readConfig } from '../config/read-config.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const rotateKey: Command = {
  name: 'rotate-key',
  usage: 'rotate-key [-c config.yaml]',
  summary: 'Replaces secrets.key and seals every secret anew. The agent must be stopped.',
  words: [0, 0],
  options: CONFIG_OPTION,
  run: rotate,
}

async function rotate(io: CliIo, { options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const folder = config.datastore.path
  const [{ lockDataFolder }, { composeCommand }, { beginRotation, endRotation, RETIRED_FILE }] =
    await Promise.all([
      import('../serve/agent-lock.ts'),
      import('../compose-command.ts'),
      import('../config/rotate-keys.ts'),
    ])
  // A running agent would go on sealing with the key it has in memory.
  using _lock = lockDataFolder(folder)
  const { keys, isResumed } = beginRotation(folder)
  if (isResumed) io.out('A rotation that was cut off is gone on with.')
  await using command = await composeCommand(config, { secretKeys: keys })
  const variables = await command.data.resealSecrets()
  await command.core.services.agentSettings.load()
  const password = (await command.core.services.agentSettings.reseal()) ? 1 : 0
  await command.core.services.plugins.load()
  const settings = await command.core.services.plugins.reseal()
  endRotation(folder, keys)
  io.out(
    `Sealed ${variables + password + settings} secrets with a new key. Keep a copy of ${folder}/secrets.key.`,
  )
  io.out(
    `The old key is in ${folder}/${RETIRED_FILE}: backups made before need it. Delete it when none are left.`,
  )
  return 0
}
