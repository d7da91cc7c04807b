// The agent's side of one runner's frames: streams, calls, figures. A breach of the protocol ends the runner.
import type { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { AppError } from '@m3m/base'
import { FLAG, FrameBreach, KIND, MAX_FROM_RUNNER_BYTES, type Frame } from '../frames/frame.ts'
import { FrameChannel } from '../frames/frame-channel.ts'
import type { RunnerFigures } from '../runner/runner.wire.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { WINDOW_BYTES } from '../sandbox/wire.contract.ts'
import {
  checkAnswers,
  checkControl,
  checkCredit,
  checkError,
  checkFigures,
  checkResult,
} from './check-frames.ts'
import type { StreamOwner } from './stream-owner.ts'
import { StreamTable } from './stream-table.ts'

export interface RunnerLinkOptions {
  socket: Duplex
  /** `["ready"]`, and what concerns one run: `["route", …]`, `["gone", error]`, `["poisoned", reason]`. */
  onControl(run: number, what: string, rest: readonly unknown[]): void
  onFigures(figures: RunnerFigures): void
  onBreach(what: string): void
  onClosed(): void
}

interface Call {
  run: number
  resolve(value: unknown): void
  reject(error: unknown): void
  timer: NodeJS.Timeout | undefined
}

const SWEEP_MS = 250

/** One connection to a runner. */
export class RunnerLink {
  readonly #options: RunnerLinkOptions
  readonly #channel: FrameChannel
  readonly #streams = new StreamTable()
  readonly #calls = new Map<number, Call>()
  readonly #items = new Map<number, string>()
  #lastCall = 0
  readonly #sweeper: NodeJS.Timeout

  constructor(options: RunnerLinkOptions) {
    this.#options = options
    this.#channel = new FrameChannel({
      socket: options.socket,
      maxBytes: MAX_FROM_RUNNER_BYTES,
      onFrame: (frame) => this.#receive(frame),
      onBreach: options.onBreach,
      onClosed: () => {
        this.#lose()
        options.onClosed()
      },
    })
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS)
    this.#sweeper.unref()
  }

  /** The runner is gone, or going. */
  get closed(): boolean {
    return this.#channel.closed
  }

  /** Opens a stream; null when there are too many. */
  open(run: number, owner: StreamOwner): number | null {
    return this.#channel.closed ? null : this.#streams.add(run, owner)
  }

  /** Forgets a stream; `abort` tells the runner. */
  close(run: number, stream: number, abort = false): void {
    this.#streams.remove(stream)
    if (abort) this.#channel.send({ kind: KIND.abort, run, stream })
  }

  /** Sends a request item; those of one run and tick leave in one frame. */
  request(run: number, item: string): void {
    const before = this.#items.get(run)
    this.#items.set(run, before === undefined ? item : `${before},${item}`)
    this.#channel.beforeWrite(this.#flushItems)
  }

  /** Sends a frame of a stream. */
  send(
    kind: number,
    run: number,
    stream: number,
    rest: { head?: string; bytes?: Buffer; flags?: number } = {},
  ): void {
    this.#flushItems()
    this.#channel.send({ kind, run, stream, ...rest })
  }

  /** Says that bytes of a body have been passed on: the runner may send as many more. */
  credit(run: number, stream: number, bytes: number): void {
    const slot = this.#streams.get(stream, run)
    if (!slot || slot === 'foreign') return
    slot.owedBytes -= bytes
    this.#channel.send({ kind: KIND.credit, run, stream, head: String(bytes) })
  }

  /** @throws what the runner answered; RUN_BOOT_TIMEOUT-like time-outs are the caller's: here RUN_RUNNER_DIED after `timeoutMs`. */
  call(run: number, method: string, parameter: unknown, timeoutMs: number): Promise<unknown> {
    if (this.#channel.closed) return Promise.reject(runtimeErrors.RUN_RUNNER_DIED({ reason: 'it is gone' }))
    const id = ++this.#lastCall
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(id)
        reject(
          runtimeErrors.RUN_RUNNER_DIED({ reason: `it did not answer "${method}" within ${timeoutMs} ms` }),
        )
      }, timeoutMs)
      this.#calls.set(id, { run, resolve, reject, timer })
      this.#channel.send({ kind: KIND.call, run, head: JSON.stringify([id, method, parameter]) })
    })
  }

  /** Streams of a run that are open. */
  openStreams(run: number): number {
    return this.#streams.count(run)
  }

  /** Ends every stream of a run as lost. */
  loseRun(run: number): void {
    for (const [stream, owner] of [...this.#streams.entries(run)]) {
      this.#streams.remove(stream)
      owner.lost()
    }
  }

  /** Calls `visit` for every open stream of a run. */
  eachStream(run: number, visit: (owner: StreamOwner) => void): void {
    for (const [, owner] of [...this.#streams.entries(run)]) visit(owner)
  }

  end(): void {
    this.#channel.close()
  }

  readonly #flushItems = (): void => {
    if (this.#items.size === 0) return
    for (const [run, head] of this.#items) this.#channel.send({ kind: KIND.request, run, head })
    this.#items.clear()
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case KIND.head:
        return this.#answers(frame)
      case KIND.chunk:
      case KIND.end:
      case KIND.abort:
      case KIND.credit:
        return this.#stream(frame)
      case KIND.result:
        return this.#result(frame)
      case KIND.metric:
        return this.#options.onFigures(checkFigures(frame.head))
      case KIND.control: {
        const [what, ...rest] = checkControl(frame.head)
        return this.#options.onControl(frame.run, what, rest)
      }
      default:
        throw new FrameBreach(`a frame of kind ${frame.kind}`)
    }
  }

  #answers({ run, head }: Frame): void {
    for (const [stream, answer] of checkAnswers(head)) {
      const slot = this.#streams.get(stream, run)
      if (slot === 'foreign') throw new FrameBreach('an answer to the stream of another run')
      // Late: the client is gone or the deadline has passed.
      if (!slot?.owner) continue
      if (slot.answered) throw new FrameBreach('a second answer')
      slot.answered = true
      const { owner } = slot
      if (!answer || answer.more === 0) this.#streams.remove(stream)
      if (!answer) this.#channel.send({ kind: KIND.abort, run, stream })
      owner.answered(answer ?? BAD_GATEWAY)
    }
  }

  #stream({ kind, run, stream, head, bytes, flags }: Frame): void {
    const slot = this.#streams.get(stream, run)
    if (slot === 'foreign') throw new FrameBreach('a frame for the stream of another run')
    if (!slot?.owner) return
    const { owner } = slot
    if (kind === KIND.credit) return owner.credit(checkCredit(head))
    if (!slot.answered) throw new FrameBreach('a body before its answer')
    if (kind === KIND.chunk) {
      slot.owedBytes += bytes.length
      // One chunk beyond the window is honest: the last one may be sent on a rest of credit.
      if (slot.owedBytes > WINDOW_BYTES + 64 * 1024)
        throw new FrameBreach('more bytes than it had credit for')
      return owner.chunk(bytes, (flags & FLAG.text) !== 0, (flags & FLAG.more) !== 0)
    }
    this.#streams.remove(stream)
    if (kind === KIND.end) owner.ended(head)
    else owner.broken()
  }

  #result({ head }: Frame): void {
    const { id, ok, value } = checkResult(head)
    const call = this.#calls.get(id)
    if (!call) return
    this.#calls.delete(id)
    clearTimeout(call.timer)
    if (ok) call.resolve(value)
    else call.reject(AppError.fromShape(checkError(value)))
  }

  #sweep(): void {
    const now = Date.now()
    for (const [stream, owner] of this.#streams.entries()) {
      if (owner.deadlineMs > now) continue
      this.#streams.remove(stream)
      owner.expired()
    }
  }

  #lose(): void {
    clearInterval(this.#sweeper)
    for (const [stream, owner] of [...this.#streams.entries()]) {
      this.#streams.remove(stream)
      owner.lost()
    }
    const error = runtimeErrors.RUN_RUNNER_DIED({ reason: 'it ended' })
    for (const call of this.#calls.values()) {
      clearTimeout(call.timer)
      call.reject(error)
    }
    this.#calls.clear()
  }
}

/** Instead of an answer that cannot be sent. */
const BAD_GATEWAY = {
  status: 502,
  headers: 0,
  body: '{"error":"The service gave a response that cannot be sent: check its status and headers."}',
  route: -1,
  more: 0 as const,
  file: null,
  length: null,
}
