// One runner process: started, watched (heartbeat, memory), ended by SIGKILL.
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Duplex, Writable } from 'node:stream'
import { messageOf, type Logger } from '@m3m/base'
import { FD, METRIC_MS, type RunnerFigures, type RunnerSetup } from '../runner/runner.wire.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { BlackBox } from './black-box.ts'
import { recordProcess } from './process-file.ts'
import { RunnerLink } from './runner-link.ts'

export interface RunnerProcessOptions {
  entry: string
  setup: RunnerSetup
  processFolder: string
  /** Without a report for so long it is stuck: user code never runs on its main thread. */
  silentMs: number
  logger: Logger
}

/** Whose services a process holds. */
export interface RunnerOwner {
  /** Resident memory after which the process is ended, as of now. */
  rssCapBytes(): number
  /** What concerns one run; see RunnerLink. */
  onControl(run: number, what: string, rest: readonly unknown[]): void
  onFigures(figures: RunnerFigures): void
  /** The process is gone; called once. */
  onEnd(reason: string): void
}

/** Node loads and the runner says "ready" in about 0.15 s; on a machine with ten times the work of its cores 15 s were seen. */
const READY_MS = 60_000
/** A process that ends closes its socket first. How it ended is known a moment later, unless by our own SIGKILL. */
const SOCKET_CLOSED = 'it was killed, or closed its socket'
const PAGE_BYTES = 4096

/** A process has an identity and an end. */
export class RunnerProcess {
  readonly link: RunnerLink
  readonly pid: number
  /** Readable until the owner has been told of the end. */
  readonly box: BlackBox
  readonly #child: ChildProcess
  readonly #ready = Promise.withResolvers<void>()
  readonly #gone = Promise.withResolvers<void>()
  readonly #silentMs: number
  readonly #watch: NodeJS.Timeout
  #owner: RunnerOwner | null = null
  #isReady = false
  #lastReportMs = performance.now()
  /** When it got its owner. */
  adoptedAtMs = performance.now()
  #reason = ''
  #byMemory = false
  #ended = false

  private constructor(child: ChildProcess, box: BlackBox, options: RunnerProcessOptions) {
    this.#child = child
    this.box = box
    this.pid = child.pid!
    this.#silentMs = options.silentMs
    const forget = recordProcess(options.processFolder, 'runner', this.pid)
    this.link = new RunnerLink({
      socket: child.stdio[FD.frames] as Duplex,
      onControl: (run, what, rest) =>
        what === 'ready' ? this.#began() : this.#owner?.onControl(run, what, rest),
      onFigures: (figures) => {
        this.#lastReportMs = performance.now()
        this.#owner?.onFigures(figures)
      },
      onBreach: (what) => this.kill(runtimeErrors.RUN_BREACH({ what }).message),
      onClosed: () => this.kill(SOCKET_CLOSED),
    })
    this.#watch = setInterval(() => this.#look(), METRIC_MS)
    this.#watch.unref()
    child.once('exit', (code, signal) => {
      forget()
      if (signal !== 'SIGKILL' && this.#reason === SOCKET_CLOSED) this.#reason = ''
      this.#over(signal ? `signal ${signal}` : `exit code ${code}`)
    })
    pipeLines(child, options.logger.with({ runner: this.pid }))
  }

  /**
   * Starts a process and waits until it is ready; `begun` is told of it before that, so that it can be ended.
   *
   * @throws RUN_START_FAILED
   */
  static async start(
    options: RunnerProcessOptions,
    begun?: (runner: RunnerProcess) => void,
  ): Promise<RunnerProcess> {
    const box = new BlackBox(options.processFolder)
    const child = spawn(process.execPath, ['--no-node-snapshot', '--max-semi-space-size=4', options.entry], {
      env: {},
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', box.fd],
    })
    if (child.pid === undefined) {
      box.close()
      const error = await new Promise<Error>((resolve) => child.once('error', resolve))
      throw runtimeErrors.RUN_START_FAILED({ reason: messageOf(error) })
    }
    child.on('error', () => {})
    // Its other end is the child's; nothing is ever written to it.
    ;(child.stdio[FD.parent] as Writable).on('error', () => {})
    const setup = (child.stdio as readonly unknown[])[FD.setup] as Writable
    setup.on('error', () => {})
    setup.end(JSON.stringify(options.setup))
    const runner = new RunnerProcess(child, box, options)
    begun?.(runner)
    const timer = setTimeout(() => runner.kill(`it was not ready within ${READY_MS} ms`), READY_MS)
    try {
      await runner.#ready.promise
      return runner
    } finally {
      clearTimeout(timer)
    }
  }

  /** From here on the process is this owner's. One that has ended meanwhile says so at once. */
  adopt(owner: RunnerOwner): void {
    this.#owner = owner
    this.adoptedAtMs = performance.now()
    if (this.#ended) owner.onEnd(this.#reason || 'it ended while it waited')
  }

  get ended(): boolean {
    return this.#ended
  }

  /** It was ended because it used more memory than its cap. */
  get byMemory(): boolean {
    return this.#byMemory
  }

  /** Ends it at once. `reason` is what runs and people hear. */
  kill(reason: string): void {
    this.#reason ||= reason
    if (!this.#ended) this.#child.kill('SIGKILL')
  }

  /** Settles when the process is gone. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  #began(): void {
    this.#isReady = true
    this.#lastReportMs = performance.now()
    this.#ready.resolve()
  }

  #over(how: string): void {
    if (this.#ended) return
    this.#ended = true
    clearInterval(this.#watch)
    this.link.end()
    const reason = this.#reason || `it ended by itself (${how})`
    this.#ready.reject(runtimeErrors.RUN_START_FAILED({ reason }))
    this.#ready.promise.catch(() => {})
    this.#owner?.onEnd(reason)
    this.box.close()
    this.#gone.resolve()
  }

  #look(): void {
    // Until it is ready its own limit holds.
    if (this.#isReady && performance.now() - this.#lastReportMs > this.#silentMs)
      this.kill(`it gave no sign of life for ${this.#silentMs / 1000} s`)
    const cap = this.#owner?.rssCapBytes() ?? Infinity
    const bytes = residentBytes(this.pid)
    if (bytes <= cap) return
    this.#byMemory = true
    this.kill(
      `it used ${Math.round(bytes / 1048576)} MB of memory, ${Math.round(cap / 1048576)} MB being the cap`,
    )
  }
}

/** Resident memory of a process; 0 where the system does not say (its own report counts there). */
function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
  } catch {
    return 0
  }
}

function pipeLines(child: ChildProcess, logger: Logger): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8')
    stream?.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = (lines.pop() ?? '').slice(-10_000)
      for (const line of lines) if (line) logger.warn('runner', { line: line.slice(0, 2000) })
    })
  }
}
