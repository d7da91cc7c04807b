import type { Logger } from '@m3m/base'
import { AppError } from '@m3m/base'
import { ToolChild } from './tool-child.ts'
import type { RunJobOptions } from './tool-pool.ts'
import type { FromTool } from './tool-wire.ts'
import { toolErrors } from './tools.errors.ts'

export interface JobAnswer {
  output: unknown
  bytes: Uint8Array
}

/** A job with those who wait for it. */
export interface Ticket {
  job: string
  input: unknown
  options: RunJobOptions
  resolve: (answer: JobAnswer) => void
  reject: (error: Error) => void
}

interface WorkerSettings {
  processFolder: string | undefined
  idleMs: number
  rssCapBytes: number
  logger: Logger
}

interface Current {
  id: number
  ticket: Ticket
  /** What the helper said it is working on. */
  at: string
  /** The helper that had it first was gone. */
  isSecondTry: boolean
  /** Its deadline counts. */
  hasBegun: boolean
  end: () => void
}

// A new process answers in about 0.1 s; a machine under full load may need much longer.
const START_MS = 20_000
// A bomb can take a few hundred MB between two looks, not more.
const MEMORY_LOOK_MS = 50

/** One place in the pool: at most one helper, at most one job. Replaces the helper whenever it had to be killed. */
export class ToolWorker implements AsyncDisposable {
  readonly #settings: WorkerSettings
  readonly #onFree: () => void
  #child: ToolChild | undefined
  #ready = false
  #current: Current | undefined
  #idle: ReturnType<typeof setTimeout> | undefined
  #nextId = 1
  #closed = false

  constructor(settings: WorkerSettings, onFree: () => void) {
    this.#settings = settings
    this.#onFree = onFree
  }

  get isFree(): boolean {
    return !this.#current && !this.#closed
  }

  get isWarm(): boolean {
    return this.#child !== undefined
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  has(ticket: Ticket): boolean {
    return this.#current?.ticket === ticket
  }

  take(ticket: Ticket): void {
    clearTimeout(this.#idle)
    const current: Current = {
      id: this.#nextId++,
      ticket,
      at: '',
      isSecondTry: false,
      hasBegun: false,
      end: () => {},
    }
    this.#current = current
    this.#begin(current)
  }

  #begin(current: Current): void {
    const starting = setTimeout(() => this.#giveUp(crashed(current, 'it did not start')), START_MS)
    current.end = () => clearTimeout(starting)
    this.#child ??= this.#start()
    this.#child.setIdle(false)
    if (this.#ready) this.#hand()
  }

  /** The caller of the current job lost interest. */
  abort(): void {
    if (this.#current) this.#giveUp(toolErrors.TOOL_ABORTED({ job: this.#current.ticket.job }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    const child = this.#child
    if (this.#current) this.#giveUp(toolErrors.TOOL_CLOSED({ job: this.#current.ticket.job }))
    else this.#drop('the pool is closed')
    await child?.exited
  }

  #start(): ToolChild {
    this.#ready = false
    const child: ToolChild = new ToolChild({
      processFolder: this.#settings.processFolder,
      rssCapBytes: this.#settings.rssCapBytes,
      onMessage: (message, bytes) => {
        if (this.#child === child) this.#receive(message, bytes)
      },
      onEnd: (reason) => {
        if (this.#child === child) this.#lost(reason)
      },
    })
    return child
  }

  #hand(): void {
    const { ticket, id } = this.#current!
    this.#child!.send({ id, job: ticket.job, input: ticket.input }, ticket.options.bytes)
  }

  /** Until then the time of a start counts: on a busy machine, loading a library takes longer than a small job may. */
  #begun(current: Current): void {
    // Once: a helper that was taken over must not get time after time.
    if (current.hasBegun) return
    current.hasBegun = true
    current.end()
    const { deadlineMs } = current.ticket.options
    const deadline = setTimeout(
      () => this.#giveUp(withSubject(toolErrors.TOOL_TIMEOUT({ ...subject(current), deadlineMs }), current)),
      deadlineMs,
    )
    const memory = setInterval(() => this.#lookAtMemory(current), MEMORY_LOOK_MS)
    current.end = () => {
      clearTimeout(deadline)
      clearInterval(memory)
    }
  }

  #lookAtMemory(current: Current): void {
    if (!this.#child?.isOverMemory()) return
    const capBytes = this.#settings.rssCapBytes
    this.#giveUp(withSubject(toolErrors.TOOL_MEMORY({ ...subject(current), capBytes }), current))
  }

  #receive(message: FromTool, bytes: Uint8Array): void {
    const current = this.#current
    if (message.kind === 'ready') {
      this.#ready = true
      if (current) this.#hand()
      return
    }
    if (!current || message.id !== current.id) return
    if (message.kind === 'begun') {
      this.#begun(current)
    } else if (message.kind === 'at') {
      current.at = String(message.subject)
    } else if (message.kind === 'broken') {
      this.#giveUp(crashed(current, message.reason))
    } else {
      if (message.poisoned) this.#drop('it must not be used again')
      if (message.kind === 'done')
        this.#settle(() => current.ticket.resolve({ output: message.output, bytes: Uint8Array.from(bytes) }))
      else this.#settle(() => current.ticket.reject(AppError.fromShape(message.error)))
    }
  }

  /** The helper died by itself. */
  #lost(reason: string): void {
    this.#child = undefined
    this.#ready = false
    const current = this.#current
    if (!current) return
    // It may have been dead when it was handed the job. A job that ends its helper ends the second one as well.
    if (current.at === '' && !current.isSecondTry && !this.#closed) {
      current.end()
      current.isSecondTry = true
      current.hasBegun = false
      return this.#begin(current)
    }
    this.#settings.logger.warn('a helper process died', { job: current.ticket.job, at: current.at, reason })
    this.#settle(() => current.ticket.reject(crashed(current, reason)))
  }

  #giveUp(error: Error): void {
    const current = this.#current
    if (!current) return
    this.#settings.logger.warn('a helper process was ended', {
      job: current.ticket.job,
      reason: error.message,
    })
    this.#drop(error.message)
    this.#settle(() => current.ticket.reject(error))
  }

  #drop(reason: string): void {
    const child = this.#child
    this.#child = undefined
    this.#ready = false
    child?.kill(reason)
  }

  #settle(answer: () => void): void {
    this.#current?.end()
    this.#current = undefined
    answer()
    this.#rest()
    this.#onFree()
  }

  /** Work comes seldom alone: the next job finds a helper that is up, until it was idle for too long. */
  #rest(): void {
    if (this.#closed || this.#current) return
    this.#child ??= this.#start()
    this.#child.setIdle(true)
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.#drop('it was idle'), this.#settings.idleMs)
    this.#idle.unref()
  }
}

function subject(current: Current): { job: string; at: string } {
  return { job: current.ticket.job, at: current.at }
}

function crashed(current: Current, reason: string): Error {
  return withSubject(toolErrors.TOOL_CRASHED({ ...subject(current), reason }), current)
}

/** What the helper was working on, for the caller to name. */
function withSubject(error: AppError, current: Current): AppError {
  return current.at ? Object.assign(error, { at: current.at }) : error
}
