// One run of a runner and its frames: requests in, answers and bodies out.
import { Buffer } from 'node:buffer'
import { AppError, type LogLevel } from '@m3m/base'
import type { BridgeEvents } from '../bridge/service-bridge.ts'
import { FLAG, KIND, type Frame, type RequestHead } from '../frames/frame.ts'
import type { FrameChannel } from '../frames/frame-channel.ts'
import { limitOfCode, LimitNotes } from '../limits/limit-notes.ts'
import { ITEM } from '../sandbox/wire.contract.ts'
import { BodyInlet } from './body-inlet.ts'
import { BodyOutlet } from './body-outlet.ts'
import type { JobReport } from '../supervisor/supervisor.port.ts'
import type { ServiceRun } from './service-run.ts'

export interface RunLinkOptions {
  channel: FrameChannel
  /** The run's handle in frames. */
  handle: number
  log(level: LogLevel, text: string): void
  /** Settles when the log is on disk. */
  flushLog(): Promise<void>
}

/** What may wait for a socket's reader before the socket is given up. */
const MAX_SOCKET_BYTES = 4 * 1024 * 1024

interface Message {
  text: boolean
  parts: Buffer[]
}

/** Carries one run's streams. */
export class RunLink {
  readonly #channel: FrameChannel
  readonly #handle: number
  readonly #outlets = new Map<number, BodyOutlet>()
  readonly #inlets = new Map<number, BodyInlet>()
  readonly #logLast: (text: string) => Promise<void>
  readonly #messages = new Map<number, Message>()
  readonly #limits: LimitNotes
  #answers = ''
  run!: ServiceRun
  readonly events: BridgeEvents

  constructor({ channel, handle, log, flushLog }: RunLinkOptions) {
    this.#channel = channel
    this.#handle = handle
    this.#limits = new LimitNotes({
      report: (limit, times) => this.#control('limit', limit, times),
      log: (text) => log('warn', text),
    })
    this.#logLast = (text) => {
      log('error', text)
      return flushLog()
    }
    this.events = {
      onAnswers: (text) => this.#answered(text),
      onBody: (stream, data, last) => this.#body(stream, data, last),
      onBroken: (stream) => {
        this.#outlets.delete(stream)
        this.#send(KIND.abort, stream)
      },
      onMessage: (stream, data) => this.#message(stream, data),
      onClose: (stream, code, reason) => this.#outlet(stream).end(JSON.stringify([code, reason])),
      onRoute: (index, method, pattern) => this.#control('route', index, method, pattern),
      onLog: log,
      onLimit: (limit, text) => this.#limits.note(limit, text),
      onGone: (error) => this.#gone(error),
      onPoisoned: (reason) => this.#control('poisoned', reason),
    }
  }

  /** A frame from the agent for this run. */
  receive(frame: Frame): void {
    const { stream } = frame
    switch (frame.kind) {
      case KIND.request:
        if (stream === 0) this.run.bridge.push(frame.head)
        else this.#begin(frame)
        return
      case KIND.chunk:
        return this.#inlets.has(stream) ? this.#upload(frame) : this.#incoming(frame)
      case KIND.end:
        return this.#inlets.has(stream) ? this.#uploaded(stream) : this.#socketClosed(frame)
      case KIND.abort:
        return this.#drop(stream)
      case KIND.credit:
        return this.#outlets.get(stream)?.credit(Number(frame.head))
    }
  }

  /** A plugin cannot be used in this run, or failed in it. */
  pluginFailed(plugin: string, reason: string): void {
    this.#control('plugin', plugin, reason)
  }

  /** What the run's jobs did. */
  jobs(report: JobReport): void {
    this.#control('jobs', report)
  }

  /** A limit that ends the run stands in its log, too. */
  #gone(error: AppError): void {
    this.#limits[Symbol.dispose]()
    const gone = () => this.#control('gone', error.toShape())
    // The agent ends this process at the word: the line has to be on disk by then.
    if (limitOfCode(error.code)) this.#logLast(error.message).then(gone, gone)
    else gone()
  }

  /** Says why a run is over, or anything else about it. */
  #control(...head: unknown[]): void {
    this.#flushAnswers()
    this.#channel.send({ kind: KIND.control, run: this.#handle, head: JSON.stringify(head) })
  }

  #send(kind: number, stream: number, head = ''): void {
    this.#flushAnswers()
    this.#channel.send({ kind, run: this.#handle, stream, head })
  }

  // Answers of one tick leave in one frame, before anything that refers to them.
  #answered(text: string): void {
    this.#answers = this.#answers === '' ? text : `${this.#answers},${text}`
    if (this.#answers.length > 256 * 1024) this.#flushAnswers()
    else this.#channel.beforeWrite(this.#flushAnswers)
  }

  readonly #flushAnswers = (): void => {
    if (this.#answers === '') return
    const head = this.#answers
    this.#answers = ''
    this.#channel.send({ kind: KIND.head, run: this.#handle, head })
  }

  #outlet(stream: number): BodyOutlet {
    let outlet = this.#outlets.get(stream)
    if (!outlet) {
      this.#flushAnswers()
      outlet = new BodyOutlet({
        channel: this.#channel,
        run: this.#handle,
        stream,
        onSent: (bytes) => this.run.bridge.push(`[${ITEM.credit},${stream},${bytes}]`),
        onDone: () => this.#outlets.delete(stream),
      })
      this.#outlets.set(stream, outlet)
    }
    return outlet
  }

  #body(stream: number, data: string | Uint8Array, last: boolean): void {
    const outlet = this.#outlet(stream)
    if (data.length > 0) outlet.write(data)
    if (last) outlet.end()
  }

  #message(stream: number, data: string | Uint8Array): void {
    const outlet = this.#outlet(stream)
    outlet.write(data, true)
    if (outlet.waitingBytes <= MAX_SOCKET_BYTES) return
    this.#outlets.delete(stream)
    this.#send(KIND.end, stream, JSON.stringify([1013, 'The other side reads too slowly.']))
    this.run.bridge.push(`[${ITEM.closed},${stream},1013,"The other side reads too slowly."]`)
  }

  #begin({ stream, head, bytes, flags }: Frame): void {
    const inlet = new BodyInlet(JSON.parse(head) as RequestHead)
    this.#inlets.set(stream, inlet)
    inlet.add(bytes)
    if (!(flags & FLAG.more)) this.#uploaded(stream)
  }

  #upload({ stream, bytes }: Frame): void {
    if (this.#inlets.get(stream)!.add(bytes)) this.#send(KIND.credit, stream, String(bytes.length))
    else this.#inlets.delete(stream)
  }

  #uploaded(stream: number): void {
    const inlet = this.#inlets.get(stream)!
    this.#inlets.delete(stream)
    const [method, url, rawHeaders, ip, wallMs, secure] = inlet.head
    const begin = `[${ITEM.request},${stream},${JSON.stringify(method)},${JSON.stringify(url)},${JSON.stringify(rawHeaders)},${JSON.stringify(ip)}`
    this.run.bridge.pushBytes(
      inlet.take(),
      (offset) => `${begin},[${offset},${inlet.size}],${wallMs},${secure}]`,
    )
  }

  #incoming({ stream, bytes, flags }: Frame): void {
    const message = this.#messages.get(stream) ?? { text: (flags & FLAG.text) !== 0, parts: [] }
    message.parts.push(Buffer.from(bytes))
    this.#send(KIND.credit, stream, String(bytes.length))
    if (flags & FLAG.more) return void this.#messages.set(stream, message)
    this.#messages.delete(stream)
    const whole = Buffer.concat(message.parts)
    if (message.text) this.run.bridge.push(`[${ITEM.message},${stream},${JSON.stringify(whole.toString())}]`)
    else
      this.run.bridge.pushBytes(whole, (offset) => `[${ITEM.message},${stream},[${offset},${whole.length}]]`)
  }

  #socketClosed({ stream, head }: Frame): void {
    this.#outlets.delete(stream)
    this.#messages.delete(stream)
    const [code, reason] = JSON.parse(head) as [number, string]
    this.run.bridge.push(`[${ITEM.closed},${stream},${code},${JSON.stringify(reason)}]`)
  }

  #drop(stream: number): void {
    if (this.#inlets.delete(stream)) return
    this.#outlets.delete(stream)
    this.#messages.delete(stream)
    this.run.bridge.push(`[${ITEM.abort},${stream}]`)
  }
}

/** Anything thrown, as data for a frame. */
export function shapeOf(error: unknown): ReturnType<AppError['toShape']> {
  if (error instanceof AppError) return error.toShape()
  return {
    code: 'INTERNAL_BUG',
    blame: 'bug',
    status: 500,
    message: error instanceof Error ? error.message : String(error),
  }
}
