// Runner processes ahead of need: Node, the addon and the modules take a few hundred milliseconds to load, so
// that one process waits loaded and a start only costs the boot of the service's own code.
import { availableParallelism } from 'node:os'
import { RunnerProcess, type RunnerOwner, type RunnerProcessOptions } from './runner-process.ts'

/** More at once only make each of them slower: 50 together on 2 cores were not ready within 15 s. */
const MAX_STARTING = Math.max(2, availableParallelism())
/** The spare is begun when the last start has had the machine for itself for so long: it costs as much as twenty services. */
const REFILL_AFTER_MS = 300

interface RunnerPoolOptions extends RunnerProcessOptions {
  /** False: every runner is started when it is needed. */
  spare: boolean
}

/** Gives out loaded runners and keeps one in reserve. Whoever creates it owns its end. */
export class RunnerPool implements AsyncDisposable {
  readonly #options: RunnerPoolOptions
  readonly #all = new Set<RunnerProcess>()
  readonly #waiting: (() => void)[] = []
  #starting = 0
  #spare: Promise<RunnerProcess | null> | null = null
  #refill: NodeJS.Timeout | null = null
  #booting = 0
  #closed = false

  constructor(options: RunnerPoolOptions) {
    this.#options = options
  }

  /** Loads the first spare. Never fails: a runner that cannot start says so to who needs one. */
  warm(): void {
    if (!this.#options.spare || this.#closed || this.#spare) return
    this.#spare = this.#start().catch(() => null)
  }

  /** A loaded runner, now its taker's alone. @throws RUN_START_FAILED */
  async take(owner: RunnerOwner): Promise<RunnerProcess> {
    const spare = this.#spare
    this.#spare = null
    const kept = spare && (await spare)
    const runner = kept && !kept.ended ? kept : await this.#start()
    runner.adopt(owner)
    this.#refillLater()
    return runner
  }

  /** A service starts: a spare that has not begun waits until it is through. */
  async whileBooting<T>(boot: () => Promise<T>): Promise<T> {
    this.#booting++
    try {
      return await boot()
    } finally {
      this.#booting--
      if (this.#refill) this.#refillLater()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    if (this.#refill) clearTimeout(this.#refill)
    for (const runner of this.#all) runner.kill('the agent is ending')
    await Promise.all([...this.#all].map((runner) => runner.gone))
  }

  #refillLater(): void {
    if (this.#refill) clearTimeout(this.#refill)
    this.#refill = setTimeout(() => {
      this.#refill = null
      if (this.#booting > 0) this.#refillLater()
      else this.warm()
    }, REFILL_AFTER_MS)
    this.#refill.unref()
  }

  async #start(): Promise<RunnerProcess> {
    if (this.#starting >= MAX_STARTING) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#starting++
    try {
      const runner = await RunnerProcess.start(this.#options, (begun) => this.#all.add(begun))
      if (this.#closed) runner.kill('the agent is ending')
      void runner.gone.then(() => this.#all.delete(runner))
      return runner
    } finally {
      this.#starting--
      this.#waiting.shift()?.()
    }
  }
}
