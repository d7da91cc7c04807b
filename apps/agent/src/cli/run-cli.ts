import { parseArgs } from 'node:util'
import { AppError, messageOf } from '@m3m/base'
import { cliErrors } from './cli.errors.ts'
import type { CliIo, Command, CommandArguments } from './command.ts'
import { commands } from './commands.ts'

/** 0 done · 1 failed, with the reason on stderr · 2 the command line is wrong. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const wanted = commands.find((command) => command.name === rest[0])
    ;(name === undefined ? io.err : io.out)(wanted ? helpOf(wanted) : overview())
    return name === undefined ? 2 : 0
  }
  const command = commands.find((known) => known.name === (name === '--version' ? 'version' : name))
  try {
    if (!command) throw cliErrors.CLI_USAGE({ reason: `There is no command "${name}".`, usage: USAGE })
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(helpOf(command))
      return 0
    }
    return await command.run(io, parse(command, rest))
  } catch (error) {
    io.err(error instanceof AppError && error.blame !== 'bug' ? error.message : withStack(error))
    return error instanceof AppError && error.code === 'CLI_USAGE' ? 2 : 1
  }
}

function parse(command: Command, rest: string[]): CommandArguments {
  try {
    const options = Object.fromEntries(
      Object.entries(command.options).map(([key, { type, short }]) => [
        key,
        { type, ...(short && { short }) },
      ]),
    )
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true })
    const [least, most] = command.words
    if (positionals.length < least) throw new Error(`${command.name} needs ${least} words after it.`)
    if (positionals.length > most) throw new Error(`"${positionals[most]}" is one word too many.`)
    return { positionals, options: values as CommandArguments['options'] }
  } catch (error) {
    throw cliErrors.CLI_USAGE({ reason: messageOf(error), usage: command.usage }, { cause: error })
  }
}

const USAGE = '<command> [options]   ("m3m-agent help" lists the commands)'

function overview(): string {
  const width = Math.max(...commands.map((command) => command.usage.length))
  const lines = commands.map((command) => `  ${command.usage.padEnd(width)}  ${command.summary}`)
  return `m3m-agent runs mini services on this machine.\n\nUsage: m3m-agent <command> [options]\n\n${lines.join('\n')}\n\n"m3m-agent help <command>" tells more.`
}

function helpOf(command: Command): string {
  const options = Object.entries(command.options).map(
    ([key, { short, type, help }]) =>
      `  ${short ? `-${short}, ` : '    '}--${key}${type === 'string' ? ' <value>' : ''}  ${help}`,
  )
  const tail = options.length > 0 ? `\n\nOptions:\n${options.join('\n')}` : ''
  return `${command.summary}\n\nUsage: m3m-agent ${command.usage}${tail}`
}

function withStack(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined
  return `m3m-agent failed in a way that was not foreseen; please report it.\n${stack ?? messageOf(error)}`
}
