import { randomInt } from 'node:crypto'
import { readConfig } from '../config/read-config.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

/** Without the letters and digits that look alike: a person types this one once. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
/** 20 of 56 characters are 116 bits. */
const LENGTH = 20

export const resetPassword: Command = {
  name: 'reset-password',
  usage: 'reset-password <email>',
  summary: 'Gives an operator a new random password, prints it, and ends every sign-in of that operator.',
  words: [1, 1],
  options: CONFIG_OPTION,
  run: reset,
}

async function reset(io: CliIo, { positionals, options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const email = positionals[0]!.trim().toLowerCase()
  const password = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  const { composeCommand } = await import('../compose-command.ts')
  await using command = await composeCommand(config)
  await command.core.services.users.resetPasswordOf(email, password)
  io.out(`The new password of ${email} is: ${password}`)
  io.out('Every sign-in of this operator has ended. Change the password in the profile after signing in.')
  return 0
}
