import { AppError } from '@m3m/base'
import { readConfig, type AgentConfig } from '../config/read-config.ts'
import { inUrl } from '../http/host-in-url.ts'
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
  io.out(`Made the root operator ${email}. ${await whereToSignIn(config)}`)
  return 0
}

/** What a running agent says of itself; else what the next `serve` with these settings will be reached by. */
async function whereToSignIn(config: AgentConfig): Promise<string> {
  const { servingAddress } = await import('../serve/agent-lock.ts')
  const serving = servingAddress(config.datastore.path)
  if (serving !== null) return `Sign in at ${serving}`
  const { uri, host, port, tls } = config.server
  if (uri === undefined && port === 0) return 'Start the agent (m3m-agent serve); it prints where to sign in.'
  const address = uri ?? `${tls === 'off' ? 'http' : 'https'}://${inUrl(host)}:${port}`
  return `Start the agent with the same settings (m3m-agent serve), then sign in at ${address}`
}

type Parsed<T> = { success: true; data: T } | { success: false; error: { issues: { message: string }[] } }

function checked<T>(result: Parsed<T>): T {
  if (result.success) return result.data
  throw cliErrors.CLI_USAGE({ reason: result.error.issues[0]!.message, usage: newAdmin.usage })
}
