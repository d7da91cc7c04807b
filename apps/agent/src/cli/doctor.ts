import { readConfig } from '../config/read-config.ts'
import { CONFIG_OPTION, type Command } from './command.ts'

/** What one look found. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  subject: string
  /** What is there and, unless all is well, what to do. */
  text: string
}

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor [-c config.yaml]',
  summary: 'Looks at settings, folders, ports, datastore and addons, and says what to do. Changes nothing.',
  words: [0, 0],
  options: CONFIG_OPTION,
  async run(io, { options }) {
    const config = readConfig({ env: io.env, cwd: io.cwd, file: options['config'] as string | undefined })
    io.out(`ok    configuration: ${config.file ?? 'no config.yaml, the defaults hold'}`)
    const { checks } = await import('./doctor-checks.ts')
    let failed = false
    for (const check of checks) {
      for (const finding of await check(config)) {
        failed ||= finding.level === 'fail'
        io.out(`${finding.level.padEnd(5)} ${finding.subject}: ${finding.text}`)
      }
    }
    return failed ? 1 : 0
  },
}
