import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Logger } from '@m3m/base'
import { z } from 'zod'
import { desktopErrors } from '../desktop.errors.ts'
import type { LocalProgram } from './local-program.ts'

/** An agent with an empty data folder needs about two seconds on a busy laptop; one with much data longer. */
const READY_WITHIN_MS = 60_000
const ASK_EVERY_MS = 200
/** As long as the agent itself gives its services to end (architecture.md, Runs), and a little. */
const STOP_WITHIN_MS = 35_000
const LOG_TAIL_CHARS = 64 * 1024
const REASON_LINES = 6

const infoSchema = z.object({ result: z.object({ data: z.object({ version: z.string() }) }) })
const lockSchema = z.object({ pid: z.number().int() })

/** The operating system's side of the agent of this computer: starting it, finding it, ending it. */
export interface LocalProcess {
  /** One command of the agent, to its end. @throws DESKTOP_LOCAL_ABSENT, DESKTOP_LOCAL_FAILED with what it said */
  command(args: string[], options: { port: number; input: string }): Promise<void>
  /** Starts to serve, unless one does that outlived a crash of the app; answers when `url` answers. */
  serve(port: number, url: string): Promise<void>
  /** Ends the one that serves, if there is one: by its own way, after 35 s by force. */
  end(): Promise<void>
  /** Of the agent that answers at `url`; null when it does not say. */
  version(url: string): Promise<string | null>
  log(): string
  /** The last lines of the log. */
  reason(): string
}

export interface LocalProcessDeps {
  program: LocalProgram | null
  /** Its configuration, data, files and logs. */
  home: string
  clock: Clock
  logger: Logger
  /** The one that was started here has ended. */
  onEnd: (code: number | null) => void
}

export function createLocalProcess({ program, home, clock, logger, onEnd }: LocalProcessDeps): LocalProcess {
  const logFile = join(home, 'desktop.log')
  let child: ChildProcess | null = null

  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARS) : '')
  const reason = () => log().trim().split('\n').slice(-REASON_LINES).join('\n')
  const pause = () => new Promise<void>((resolve) => clock.after(ASK_EVERY_MS, resolve))

  function run(args: string[], port: number): ChildProcess {
    if (!program) throw desktopErrors.DESKTOP_LOCAL_ABSENT({ platform: process.platform })
    mkdirSync(home, { recursive: true, mode: 0o700 })
    return spawn(program.node, [program.main, ...args], {
      cwd: home,
      env: environment(home, port),
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  function begin(port: number): void {
    const started = run(['serve'], port)
    child = started
    const file = createWriteStream(logFile, { mode: 0o600 })
    for (const stream of [started.stdout!, started.stderr!]) stream.pipe(file, { end: false })
    started.on('error', (error) => logger.warn('the local agent cannot be started', { error }))
    started.once('close', (code) => {
      file.end()
      if (child === started) child = null
      onEnd(code)
    })
  }

  return {
    log,
    reason,
    async command(args, { port, input }) {
      const started = run(args, port)
      started.stdin!.end(input)
      let said = ''
      started.stderr!.on('data', (chunk) => (said += chunk))
      const code = await exitOf(started)
      if (code !== 0)
        throw desktopErrors.DESKTOP_LOCAL_FAILED({ reason: said.trim() || `it ended with ${code}` })
    },
    async serve(port, url) {
      if (servingPid(home) === null) begin(port)
      const until = clock.now() + READY_WITHIN_MS
      while (clock.now() < until) {
        const answer = await fetch(`${url}/health`).catch(() => null)
        if (answer?.ok) return
        if (child === null && servingPid(home) === null) throw new Error(reason() || 'it ended at once')
        await pause()
      }
      throw new Error(`it did not answer at ${url} within ${READY_WITHIN_MS / 1000} s`)
    },
    async version(url) {
      const answer = await fetch(`${url}/trpc/agent.info`).then(
        (got) => got.json(),
        () => null,
      )
      return infoSchema.safeParse(answer).data?.result.data.version ?? null
    },
    async end() {
      const pid = child?.pid ?? servingPid(home)
      if (pid === null) return
      const until = clock.now() + STOP_WITHIN_MS
      signal(pid, 'SIGTERM')
      while (isAlive(pid)) {
        if (clock.now() > until) signal(pid, 'SIGKILL')
        await pause()
      }
    },
  }
}

/** Nothing of the app's own environment but what a process needs to run and to find its folders. */
function environment(home: string, port: number): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, M3M_SERVER_PANEL_ORIGINS } = process.env
  return {
    PATH,
    HOME,
    LANG,
    M3M_HOME: home,
    M3M_SERVER_HOST: '127.0.0.1',
    M3M_SERVER_PORT: String(port),
    // The agent answers app://m3m anyway; whoever works on m3m itself may have further pages.
    ...(M3M_SERVER_PANEL_ORIGINS && { M3M_SERVER_PANEL_ORIGINS }),
  }
}

/** Pid of the agent that holds the lock of its data folder (apps/agent, data-lock.ts) and lives; null for none. */
function servingPid(home: string): number | null {
  try {
    const { pid } = lockSchema.parse(JSON.parse(readFileSync(join(home, 'data/agent.lock'), 'utf8')))
    return isAlive(pid) ? pid : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended by itself.
  }
}

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
