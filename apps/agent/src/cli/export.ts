import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readConfig } from '../config/read-config.ts'
import { cliErrors } from './cli.errors.ts'
import { CONFIG_OPTION, type CliIo, type Command, type CommandArguments } from './command.ts'

export const exportProject: Command = {
  name: 'export',
  usage: 'export <slug> [file] [--with-secrets]',
  summary: 'Writes one project to a file (.tar.zst) that another agent imports. The agent may run.',
  words: [1, 2],
  options: {
    ...CONFIG_OPTION,
    'with-secrets': {
      type: 'boolean',
      help: 'values of secret variables, sealed with the key of this agent; else their names alone',
    },
    'no-records': { type: 'boolean', help: 'leave records, their revisions and the trash out' },
    'no-revisions': { type: 'boolean', help: 'leave out what records were' },
    'no-files': { type: 'boolean', help: 'leave the files of the storage out' },
  },
  run,
}

async function run(io: CliIo, { positionals, options }: CommandArguments): Promise<number> {
  const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
  const [slug, file = `${slug}.m3m.tar.zst`] = positionals as [string, string?]
  const to = resolve(io.cwd, file)
  const [{ composeCommand }, { exportArchive }, { AGENT_ACTOR }] = await Promise.all([
    import('../compose-command.ts'),
    import('../moving/export-archive.ts'),
    import('@m3m/core'),
  ])
  if ((await stat(to).catch(() => null)) !== null) throw cliErrors.CLI_FILE_EXISTS({ file: to })
  await using command = await composeCommand(config)
  const project = await command.core.services.projects.findBySlug(slug)
  if (!project) throw cliErrors.CLI_NO_PROJECT({ slug })
  const part = `${to}.part`
  try {
    const target = createWriteStream(part, { flags: 'w', mode: 0o600 })
    const withRecords = options['no-records'] !== true
    await exportArchive({ core: command.core, config }, target, {
      projectId: project.id,
      actor: AGENT_ACTOR,
      options: {
        records: withRecords,
        revisions: withRecords && options['no-revisions'] !== true,
        files: options['no-files'] !== true,
        secrets: options['with-secrets'] === true,
      },
    })
    await rename(part, to)
  } finally {
    await rm(part, { force: true })
  }
  io.out(`${to}: the project "${project.name}", ${((await stat(to)).size / 1e6).toFixed(1)} MB.`)
  if (options['with-secrets'] !== true)
    io.out('Secret variables went along without their values; type them anew where it is imported.')
  return 0
}
