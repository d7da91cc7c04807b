import { formatArguments } from '../../sandbox/format.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'

export const room: SandboxRoom = (_lane, kernel) => {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...args: unknown[]): void =>
      kernel.log(level, formatArguments(args, kernel.facts.limits.logLineBytes))
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
