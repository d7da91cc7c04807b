import { spawnSync } from 'node:child_process'

/** What wrk saw: answered requests a second, and the slowest 1 % in milliseconds. */
export interface Load {
  perSecond: number
  p99Ms: number
}

const SECONDS = 4
const CONNECTIONS = 50

/** True when wrk (Debian: `apt-get install wrk`) is on the machine; the load comes from it so that it costs no Node. */
export function canLoad(): boolean {
  return spawnSync('wrk', ['-v']).error === undefined
}

/** Loads one address for {@link SECONDS} s with {@link CONNECTIONS} connections. @throws when an answer was not 2xx. */
export function load(url: string, script?: string): Load {
  const args = [
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${SECONDS}s`,
    '--latency',
    ...(script ? ['-s', script] : []),
    url,
  ]
  const { stdout } = spawnSync('wrk', args, { encoding: 'utf8' })
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)
  if (bad) throw new Error(`${bad[1]} answers of ${url} were not 2xx`)
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
  }
}

function milliseconds(match: RegExpExecArray | null): number {
  const factor = { us: 0.001, ms: 1, s: 1000 }[match?.[2] ?? 'ms'] ?? 1
  return Number(match?.[1]) * factor
}
