import { messageOf } from '@m3m/base'
import { z } from 'zod'
import type { LocalAgentState } from '../../shared/desktop-port.ts'
import { desktopErrors } from '../desktop.errors.ts'
import { createJsonFile } from '../files/json-file.ts'
import { freePortPair } from './free-ports.ts'
import { versionOfProgram } from './local-program.ts'
import { createLocalProcess, type LocalProcessDeps } from './local-process.ts'

const fileSchema = z.object({
  version: z.literal(1),
  /** Port of the panel, services answer on the next one; null while there is no agent. */
  port: z.number().int().min(1).max(65_534).nullable(),
  startWithApp: z.boolean(),
})

/** The agent of this computer: a child process with a folder of its own. It never runs inside Electron. */
export interface LocalAgent extends AsyncDisposable {
  state(): LocalAgentState
  /**
   * Makes its first operator, the root, and starts it.
   * @throws DESKTOP_LOCAL_ABSENT, DESKTOP_LOCAL_FAILED with what the agent said
   */
  create(operator: { email: string; password: string }): Promise<{ url: string }>
  /** Answers when it can be reached. @throws DESKTOP_LOCAL_FAILED */
  start(): Promise<{ url: string }>
  /** Services drain; answers when it has ended. */
  stop(): Promise<void>
  /** What it wrote since its start, the latest 64 Ki characters; empty when it never ran. */
  log(): string
  /** Ends the one that runs, an older one that outlived the app for example, and starts that of this app. */
  upgrade(): Promise<{ url: string }>
  setStartWithApp(on: boolean): Promise<void>
}

export interface LocalAgentDeps extends Omit<LocalProcessDeps, 'onEnd'> {
  stateFile: string
  onChange: () => void
}

type State = LocalAgentState['state']

/** Reads what is kept on disk; whoever opens it ends it, and the agent with it. */
export async function openLocalAgent(deps: LocalAgentDeps): Promise<LocalAgent> {
  const empty: z.output<typeof fileSchema> = { version: 1, port: null, startWithApp: true }
  const file = createJsonFile({ path: deps.stateFile, schema: fileSchema, empty })
  let kept = await file.read()
  let now: { state: State; problem: string | null; version: string | null } = {
    state: kept.port === null ? 'absent' : 'stopped',
    problem: null,
    version: null,
  }
  const ours = deps.program === null ? null : versionOfProgram(deps.program)
  let starting: Promise<{ url: string }> | null = null
  const process = createLocalProcess({
    ...deps,
    onEnd(code) {
      // While it starts or stops, whoever asked for that tells how it went.
      if (now.state === 'running') become(code === 0 ? 'stopped' : 'failed', { problem: process.reason() })
    },
  })

  function become(state: State, { problem = null, version = null }: Partial<typeof now> = {}): void {
    now = { state, problem: state === 'failed' ? problem : null, version }
    deps.onChange()
  }

  async function keep(change: Partial<typeof kept>): Promise<void> {
    kept = { ...kept, ...change }
    await file.write(kept)
    deps.onChange()
  }

  async function launch(port: number): Promise<{ url: string }> {
    become('starting')
    try {
      await process.serve(port, urlOf(port))
    } catch (error) {
      const reason = messageOf(error)
      become('failed', { problem: reason })
      throw desktopErrors.DESKTOP_LOCAL_FAILED({ reason }, { cause: error })
    }
    become('running', { version: await process.version(urlOf(port)) })
    return { url: urlOf(port) }
  }

  async function start(): Promise<{ url: string }> {
    const { port } = kept
    if (port === null) throw desktopErrors.DESKTOP_LOCAL_FAILED({ reason: 'it has not been made yet' })
    if (now.state === 'running') return { url: urlOf(port) }
    starting ??= launch(port).finally(() => (starting = null))
    return starting
  }

  async function stop(): Promise<void> {
    await starting?.catch(() => {})
    if (kept.port === null) return
    become('stopping')
    await process.end()
    become('stopped')
  }

  return {
    start,
    stop,
    log: process.log,
    state: () => ({
      state: deps.program === null ? 'unavailable' : now.state,
      url: kept.port === null ? null : urlOf(kept.port),
      problem: now.problem,
      startWithApp: kept.startWithApp,
      version: now.version,
      upgradeTo: now.version !== null && ours !== null && ours !== now.version ? ours : null,
    }),
    async upgrade() {
      await stop()
      return start()
    },
    async create({ email, password }) {
      if (kept.port !== null) return start()
      const port = await somePorts()
      // By standard input: the words of a command line are read by everybody.
      await process.command(['new-admin', email, '-'], { port, input: `${password}\n` })
      // Kept only now: a first try that failed leaves nothing that looks like an agent.
      await keep({ port })
      return start()
    },
    setStartWithApp: (startWithApp) => keep({ startWithApp }),
    [Symbol.asyncDispose]: stop,
  }
}

async function somePorts(): Promise<number> {
  const port = await freePortPair()
  if (port === null)
    throw desktopErrors.DESKTOP_LOCAL_FAILED({ reason: 'no two neighbouring ports are free' })
  return port
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`
