import { AppError } from '@m3m/base'
import { readConfig } from '../config/read-config.ts'
import { cliErrors } from './cli.errors.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const newAdmin: Command = {
  name: 'new-admin',
  usage: 'new-admin <email> <password>',
  summary: 'Makes the first operator, the root. "-" as the password reads it from standard input.',
  words: [2, 2],
  options: CONFIG_OPTION,
  run: makeRoot,
}

async function makeRoot(io: CliIo, { positionals, options }: CommandArguments): Promise<number> {
  const { emailSchema, passwordSchema } = await import('@m3m/core/client')
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const [emailText = '', passwordText = ''] = positionals
  const email = checked(emailSchema.safeParse(emailText))
  const given = passwordText === '-' ? (await io.readInput()).replace(/\r?\n$/, '') : passwordText
  const password = checked(passwordSchema.safeParse(given))
  const { composeCommand } = await import('../compose-command.ts')
  await using command = await composeCommand(config)
  try {
    await command.core.services.users.createRoot({ email, password })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'USERS_ROOT_EXISTS') throw error
    io.err(`${error.message} When its password is lost: m3m-agent reset-password <email>`)
    return 1
  }
  const { uri, host, port, tls } = config.server
  io.out(
    `Made the root operator ${email}. Sign in at ${uri ?? `${tls === 'off' ? 'http' : 'https'}://${host}:${port}`}`,
  )
  return 0
}

type Parsed<T> = { success: true; data: T } | { success: false; error: { issues: { message: string }[] } }

function checked<T>(result: Parsed<T>): T {
  if (result.success) return result.data
  throw cliErrors.CLI_USAGE({ reason: result.error.issues[0]!.message, usage: newAdmin.usage })
}
