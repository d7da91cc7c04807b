/** What a command may touch of the process it runs in. */
export interface CliIo {
  env: NodeJS.ProcessEnv
  cwd: string
  out(line: string): void
  err(line: string): void
  /** All of standard input, for a password that must not stand in the process list. */
  readInput(): Promise<string>
}

/** The arguments after the command's name, already told apart. */
export interface CommandArguments {
  positionals: string[]
  options: Record<string, string | boolean | undefined>
}

/** One command of `m3m-agent`. */
export interface Command {
  name: string
  /** After `m3m-agent`: `new-admin <email> <password>`. */
  usage: string
  summary: string
  /** How many words it takes: least and most. */
  words: readonly [number, number]
  options: Record<string, { type: 'string' | 'boolean'; short?: string; help: string }>
  /** Gives the exit code. */
  run(io: CliIo, args: CommandArguments): Promise<number>
}

/** `-c config.yaml`, which every command takes that reads the configuration. */
export const CONFIG_OPTION = {
  config: {
    type: 'string',
    short: 'c',
    help: 'configuration file (default: config.yaml in M3M_HOME or here)',
  },
} as const
