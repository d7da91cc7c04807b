// Starts a real agent for tests, as a person would: its own process, its own folder, free ports.
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What people start: by way of main.ts, Node would load what strips types first. */
const MAIN = fileURLToPath(new URL('../bin/m3m-agent.cjs', import.meta.url))
/** A loaded machine of two cores needs some seconds; what takes longer than this has failed. */
const READY_WITHIN_MS = 60_000

export interface StartOptions {
  /** Becomes `M3M_HOME`. */
  home: string
  /** Further variables (`M3M_*`). Ports are free ones unless given here. */
  env?: Record<string, string>
  /** Makes it the leader of a process group, as a shell does: `process.kill(-pid, 'SIGINT')` is then Ctrl+C. */
  ownGroup?: boolean
}

/** An agent in a process of its own. Disposing stops it. */
export interface TestAgent extends AsyncDisposable {
  url: string
  servicesUrl: string
  process: ChildProcess
  /** All it has printed so far. */
  output(): string
  /** SIGKILL; answers when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; answers with the exit code when the process is gone. */
  stop(): Promise<number | null>
}

/** Runs `m3m-agent <args>` to its end, for tests of the command line. */
export async function runAgent(
  args: string[],
  { home, env = {}, ownGroup = false }: StartOptions,
): Promise<{ code: number | null; output: string }> {
  const child = start(args, { home, env, ownGroup })
  const output = collect(child)
  const code = await ended(child)
  return { code, output: output() }
}

/** Starts `m3m-agent serve` and waits until it is ready. @throws with its output when it ends before that */
export async function startAgent({ home, env = {}, ownGroup = false }: StartOptions): Promise<TestAgent> {
  const child = start(['serve'], { home, env: { M3M_SERVER_PORT: '0', ...env }, ownGroup })
  const output = collect(child)
  const gone = ended(child)
  await ready(child, output)
  const stop = async () => {
    child.kill('SIGTERM')
    return gone
  }
  return {
    url: addressOf(output(), 'Panel')!,
    servicesUrl: addressOf(output(), 'Services')!,
    process: child,
    output,
    stop,
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

function start(args: string[], { home, env, ownGroup }: Required<StartOptions>): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('M3M_'))
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: home,
    detached: ownGroup,
    env: { ...Object.fromEntries(inherited), M3M_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return () => text
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)))
}

function ready(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('was not ready in time'), READY_WITHIN_MS)
    const fail = (what: string) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`The agent ${what}. Its output:\n${output()}`))
    }
    const look = () => {
      if (!/^m3m \S+ is ready/m.test(output()) || addressOf(output(), 'Data') === null) return
      clearTimeout(timer)
      child.off('close', closed)
      resolve()
    }
    const closed = (code: number | null) => fail(`ended with code ${code} before it was ready`)
    child.stdout!.on('data', look)
    child.once('close', closed)
  })
}

/** The address of a line of the banner, without the path. */
function addressOf(output: string, row: string): string | null {
  const found = new RegExp(`^ {2}${row} +(\\S+)`, 'm').exec(output)?.[1]
  return found?.replace(/\/r\/\{project\}\/$/, '') ?? null
}
