import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '@m3m/base'
import { readConfig } from '../config/read-config.ts'
import { cliErrors } from './cli.errors.ts'
import type { CliIo, Command, CommandArguments } from './command.ts'
import { CONFIG_OPTION } from './command.ts'
import { systemdUnit } from './systemd-unit.ts'

export const installService: Command = {
  name: 'install-service',
  usage: 'install-service [--print] [--user|--system] [-c config.yaml]',
  summary: 'Writes and enables a systemd unit, so that the agent starts at boot and after a crash.',
  words: [0, 0],
  options: {
    ...CONFIG_OPTION,
    print: { type: 'boolean', help: 'show the unit, write nothing' },
    user: { type: 'boolean', help: 'a unit of this user (default without root)' },
    system: { type: 'boolean', help: 'a unit of the machine (default for root)' },
    name: { type: 'string', help: 'name of the unit (default: m3m-agent)' },
    'run-as': { type: 'string', help: 'user of a system unit (default: the owner of the folder)' },
  },
  run: async (io, args) => install(io, args),
}

function install(io: CliIo, { options }: CommandArguments): number {
  if (options['user'] && options['system'])
    throw cliErrors.CLI_USAGE({
      reason: '--user and --system exclude each other.',
      usage: installService.usage,
    })
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const isRoot = process.getuid?.() === 0
  const scope = options['user'] || (!options['system'] && !isRoot) ? 'user' : 'system'
  const name = (options['name'] as string | undefined) ?? 'm3m-agent'
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
    throw cliErrors.CLI_USAGE({ reason: `"${name}" is no name of a unit.`, usage: installService.usage })
  const owner = (options['run-as'] as string | undefined) ?? ownerOf(config.home)
  const unit = systemdUnit({
    scope,
    node: process.execPath,
    main: fileURLToPath(new URL('../main.ts', import.meta.url)),
    home: config.home,
    configFile: config.file,
    runAs: scope === 'system' && owner !== 'root' ? owner : null,
  })
  if (options['print']) io.out(unit)
  else enable(io, { unit, scope, name })
  return 0
}

function enable(
  io: CliIo,
  { unit, scope, name }: { unit: string; scope: 'user' | 'system'; name: string },
): void {
  if (process.platform !== 'linux') throw cliErrors.CLI_NO_SYSTEMD({ reason: `this is ${process.platform}` })
  if (!existsSync('/run/systemd/system'))
    throw cliErrors.CLI_NO_SYSTEMD({ reason: 'it does not run on this machine (a container?)' })
  const folder =
    scope === 'system'
      ? '/etc/systemd/system'
      : join(io.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd/user')
  const file = join(folder, `${name}.service`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, unit)
  } catch (error) {
    throw cliErrors.CLI_SERVICE_FAILED(
      { command: `write ${file}`, reason: messageOf(error) },
      { cause: error },
    )
  }
  const user = scope === 'user' ? ['--user'] : []
  systemctl([...user, 'daemon-reload'])
  systemctl([...user, 'enable', '--now', `${name}.service`])
  io.out(
    `Wrote ${file} and started it. Its log: journalctl ${scope === 'user' ? '--user ' : ''}-u ${name} -f`,
  )
  if (scope === 'user') io.out('To keep it running while you are signed out: loginctl enable-linger')
}

function systemctl(args: string[]): void {
  try {
    execFileSync('systemctl', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr ?? '').trim() || messageOf(error)
    throw cliErrors.CLI_SERVICE_FAILED(
      { command: `systemctl ${args.join(' ')}`, reason: said },
      { cause: error },
    )
  }
}

/** Name of the user who owns the agent's folder: what it wrote so far stays readable to it. */
function ownerOf(folder: string): string {
  let at = folder
  while (!existsSync(at)) at = dirname(at)
  const { uid } = statSync(at)
  if (uid === 0) return 'root'
  return execFileSync('id', ['-nu', String(uid)], { encoding: 'utf8' }).trim()
}
