// Between one isolate and its host: what is emitted is read as hostile input, what enters goes by the turn loop.
import { messageOf, type AppError, type Logger, type LogLevel } from '@m3m/base'
import type { BoundFiles } from '../isolate/import-calls.ts'
import { createServiceIsolate, type ServiceIsolate } from '../isolate/service-isolate.ts'
import type { Prelude, PreludeScript } from '../isolate/prelude.ts'
import type { HostCall } from '../module/define-module.ts'
import { isNotedLimit, type NotedLimit } from '../limits/limit-notes.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { encodeValue, restore, sliceOf, ByteSink, decodeValue } from '../sandbox/codec.ts'
import { authorFrames } from '../sandbox/stacks.ts'
import { ITEM, OP } from '../sandbox/wire.contract.ts'
import { asRunError } from './author-errors.ts'
import { HandlerEntries } from './handler-entries.ts'
import { HostCalls, type CallOrder, type Settled } from './host-calls.ts'
import { LateImports } from './late-imports.ts'
import { TurnLoop, type ExecutionMark, type GoneReason } from './turn-loop.ts'

/** What the bridge tells its run. */
export interface BridgeEvents {
  /** Finished answers, unparsed (`answer,answer,…`). */
  onAnswers(text: string): void
  /** Body bytes after an answer that said "more". `last` ends it. */
  onBody(stream: number, data: string | Uint8Array, last: boolean): void
  onBroken(stream: number): void
  onMessage(stream: number, data: string | Uint8Array): void
  onClose(stream: number, code: number, reason: string): void
  onRoute(index: number, method: string, pattern: string): void
  onLog(level: LogLevel, text: string): void
  /** A limit was passed, and the service goes on. */
  onLimit(limit: NotedLimit, text: string): void
  /** The isolate is gone, for good. */
  onGone(error: AppError): void
  /** This process cannot be saved. */
  onPoisoned(reason: string): void
}

export interface BridgeOptions {
  prelude: Prelude
  script: PreludeScript
  /** sandbox/install.ts `Setup`. */
  setup: unknown
  limits: { memoryMb: number; cpuStretchMs: number; requestWallMs: number }
  calls: ReadonlyMap<string, HostCall>
  events: BridgeEvents
  mark?: ExecutionMark
  logger: Logger
}

const LEVELS = new Set(['debug', 'info', 'warn', 'error'])

/** One service, seen from the host. */
export class ServiceBridge {
  readonly #options: BridgeOptions
  readonly #calls: HostCalls
  readonly #entries = new HandlerEntries()
  #isolate!: ServiceIsolate
  #loop!: TurnLoop
  #heap = 0
  #asking = false
  #entriesAsked = -1
  readonly #left = Promise.withResolvers<void>()
  #wake: NodeJS.Timeout | undefined
  #over: AppError | null = null
  #failLoad: ((error: Error) => void) | null = null
  /** Absent where no file calls `import()`. */
  #imports: LateImports | null = null
  readonly #reachable: Map<string, HostCall>

  private constructor(options: BridgeOptions) {
    this.#options = options
    this.#reachable = new Map(options.calls)
    const { limits, logger } = options
    this.#calls = new HostCalls({
      calls: this.#reachable,
      longestMs: Math.max(limits.requestWallMs, 60_000),
      enter: (event, args) => this.enter(event, args),
      onLimit: (limit, text) => options.events.onLimit(limit, text),
      logger,
    })
  }

  /** Makes isolate and prelude; no code of the author has run yet. */
  static async open(options: BridgeOptions): Promise<ServiceBridge> {
    const bridge = new ServiceBridge(options)
    const { prelude, script, setup, limits } = options
    const early: [string, ArrayBuffer | undefined][] = []
    let ready = false
    bridge.#isolate = await createServiceIsolate({
      prelude,
      script,
      memoryMb: limits.memoryMb,
      setup: JSON.stringify(setup),
      host: {
        emit: (text, blob) => (ready ? bridge.#emitted(text, blob) : void early.push([text, blob])),
        block: (name, args, remainingMs, blob) => bridge.#block(name, args, remainingMs, blob),
        catastrophic: (message) => options.events.onPoisoned(`V8 lost control: ${message}`),
      },
    })
    bridge.#loop = new TurnLoop({
      isolate: bridge.#isolate,
      ...(options.mark && { mark: options.mark }),
      cpuStretchMs: limits.cpuStretchMs,
      onFloating: (error) => bridge.#floating(error),
      onTimeout: () => bridge.#cutOff('A call'),
      onGone: (reason) => bridge.#gone(reason),
      onStuck: () => options.events.onPoisoned('a loop survived the end of its isolate'),
    })
    ready = true
    for (const [text, blob] of early) bridge.#emitted(text, blob)
    return bridge
  }

  /**
   * Runs the main file.
   *
   * @throws the author's error as an AppError with `position`; RUN_BOOT_TIMEOUT.
   */
  async load(bound: BoundFiles, entry: string, timeoutMs: number): Promise<void> {
    if (bound.importName !== null) this.#answerImports(entry)
    const loading = this.#loop
      .exclusively(() =>
        this.#isolate.start(bound, entry, Math.min(timeoutMs, this.#options.limits.cpuStretchMs)),
      )
      .then((rest) => rest.loaded)
    let timer: NodeJS.Timeout | undefined
    const failing = new Promise<never>((_, reject) => {
      this.#failLoad = reject
      timer = setTimeout(
        () => reject(runtimeErrors.RUN_BOOT_TIMEOUT({ phase: 'main file', limitMs: timeoutMs })),
        timeoutMs,
      )
    })
    try {
      await Promise.race([loading, failing])
    } catch (error) {
      throw this.#over ?? asRunError('main file', error)
    } finally {
      clearTimeout(timer)
      this.#failLoad = null
    }
  }

  #answerImports(entry: string): void {
    const imports = new LateImports({
      isolate: this.#isolate,
      loop: this.#loop,
      entry,
      limitMs: this.#options.limits.cpuStretchMs,
      enter: (event, args) => this.enter(event, args),
      onTimeout: () => this.#cutOff('A file that was imported'),
      onFloating: (error) => this.#unhandled(error),
    })
    this.#imports = imports
    for (const [name, call] of Object.entries(imports.calls)) this.#reachable.set(name, call)
  }

  #cutOff(what: string): void {
    const { events, limits } = this.#options
    const text = `${what} computed for more than ${limits.cpuStretchMs} ms without a pause and was cut off.`
    events.onLimit('cpuStretchMs', text)
  }

  /** Puts request items into the inbox, unparsed. */
  push(items: string): void {
    this.#loop.push(items)
  }

  /** Puts an item with bytes into the inbox; `make` gets their offset. */
  pushBytes(bytes: Uint8Array, make: (offset: number) => string): void {
    const offset = this.#loop.bytes.add(bytes)
    this.#loop.push(make(offset))
  }

  /**
   * Runs a handler inside (`kernel.on`).
   *
   * @throws what it threw, as an AppError with position; RUN_OVER; SERVICE_HANDLER_TIMEOUT.
   */
  enter(event: string, args: readonly unknown[], options: { timeoutMs?: number } = {}): Promise<unknown> {
    if (this.#over) return Promise.reject(this.#over)
    let text: string
    try {
      text = encodeValue(args, this.#loop.bytes)
    } catch (error) {
      return Promise.reject(error as Error)
    }
    const { id, answer } = this.#entries.begin(event, options.timeoutMs)
    this.#loop.push(`[${ITEM.enter},${id},${JSON.stringify(event)},${text}]`)
    return answer
  }

  /** Heap as of the last time it could be asked; asks again, without waiting: a busy isolate answers late. */
  get heapBytes(): number {
    // Who stands still is not asked: the question itself would enter every idle isolate once a second.
    const { entries } = this.#loop
    if (!this.#asking && !this.#over && entries !== this.#entriesAsked) {
      this.#asking = true
      this.#entriesAsked = entries
      void this.#isolate.heapBytes().then((bytes) => {
        this.#heap = bytes
        this.#asking = false
      })
    }
    return this.#heap
  }

  get cpuMs(): number {
    return this.#isolate.cpuMs
  }

  /** Settles when nothing of the service is executed any more: it is disposed, and its last entry is over. */
  get left(): Promise<void> {
    return this.#left.promise
  }

  dispose(): void {
    clearTimeout(this.#wake)
    this.#calls.abort()
    this.#loop.dispose()
  }

  #emitted(text: string, blob: ArrayBuffer | undefined): void {
    if (this.#over) return
    try {
      const line = text.indexOf('\n')
      const answers = line < 0 ? text : text.slice(0, line)
      if (answers !== '') this.#options.events.onAnswers(answers)
      if (line < 0) return
      for (const operation of JSON.parse(`[${text.slice(line + 1)}]`) as unknown[][])
        this.#operate(operation, blob)
    } catch (error) {
      // Only a tampered prelude gets here: whose it is, is over.
      this.#options.logger.warn('a service broke the bridge', { reason: messageOf(error) })
      this.#loop.dispose('broken')
    }
  }

  #operate(operation: unknown[], blob: ArrayBuffer | undefined): void {
    const { events } = this.#options
    const [kind, a, b, c, d] = operation
    switch (kind) {
      case OP.call:
        return this.#call(whole(a), { name: String(b), args: restore(c, blob), remainingMs: Number(d) })
      case OP.tell:
        return this.#calls.run({ name: String(a), args: restore(b, blob), remainingMs: 0 }, () => {})
      case OP.log:
        return events.onLog(LEVELS.has(a as string) ? (a as LogLevel) : 'info', String(b))
      case OP.wake:
        return this.#wakeIn(Number(a))
      case OP.finished:
        return this.#entries.finish(whole(a), b === 1, restore(c, blob))
      case OP.body:
        return events.onBody(whole(a), bodyOf(b, blob), c === 1)
      case OP.broken:
        return events.onBroken(whole(a))
      case OP.message:
        return events.onMessage(whole(a), bodyOf(b, blob))
      case OP.close:
        return events.onClose(whole(a), whole(b), String(c))
      case OP.limit:
        return isNotedLimit(a) ? events.onLimit(a, String(b).slice(0, 300)) : undefined
      case OP.route:
        return events.onRoute(whole(a), String(b), String(c))
      default:
        throw new TypeError(`unknown operation ${String(kind)}`)
    }
  }

  #call(id: number, order: CallOrder): void {
    this.#calls.run(order, ({ ok, value }) => {
      const answer = this.#encode(order.name, value)
      this.#loop.push(`[${ITEM.completion},${id},${answer.ok && ok ? 1 : 0},${answer.text}]`)
    })
  }

  #encode(name: string, value: unknown): { ok: boolean; text: string } {
    try {
      return { ok: true, text: encodeValue(value, this.#loop.bytes) }
    } catch (error) {
      this.#options.logger.error('an answer cannot be passed on', { call: name, error: messageOf(error) })
      const { code, message } = runtimeErrors.RUNTIME_INTERNAL({ call: name })
      return { ok: false, text: JSON.stringify({ code, message }) }
    }
  }

  async #block(
    name: string,
    args: string,
    remainingMs: number,
    blob: ArrayBuffer | undefined,
  ): Promise<string | { t: string; b: ArrayBuffer }> {
    this.#loop.parked(true)
    const order = { name, args: decodeValue(args, blob), remainingMs, blocking: true }
    const { ok, value } = await new Promise<Settled>((resolve) => this.#calls.run(order, resolve))
    this.#loop.parked(false)
    const sink = new ByteSink()
    const t = encodeValue([ok ? 1 : 0, value], sink)
    const b = sink.take()
    return b ? { t, b } : t
  }

  #wakeIn(delayMs: number): void {
    clearTimeout(this.#wake)
    this.#wake = setTimeout(
      () => this.#loop.push(`[${ITEM.wake}]`),
      Math.min(Math.max(0, delayMs), 2_147_483_647),
    )
    this.#wake.unref()
  }

  #floating(error: Error): void {
    const explained = this.#imports?.explains(error)
    if (!explained) return this.#unhandled(error)
    void explained.then((is) => is || this.#unhandled(error))
  }

  #unhandled(error: Error): void {
    const frames = authorFrames(error.stack ?? '')
    const text = [`${error.name}: ${error.message}`, ...frames].join('\n')
    if (this.#failLoad) this.#failLoad(error)
    else this.#options.events.onLog('error', `Unhandled rejection: ${text}`)
  }

  #gone(reason: GoneReason): void {
    this.#left.resolve()
    this.#over = this.#whyGone(reason)
    clearTimeout(this.#wake)
    this.#calls.abort()
    this.#entries.rejectAll(this.#over)
    this.#failLoad?.(this.#over)
    // Whoever disposed it knows.
    if (reason !== 'disposed') this.#options.events.onGone(this.#over)
  }

  #whyGone(reason: GoneReason): AppError {
    const { limits } = this.#options
    if (reason === 'memory') return runtimeErrors.RUN_MEMORY_LIMIT({ limitMb: limits.memoryMb })
    if (reason === 'cpu') return runtimeErrors.RUN_CPU_LIMIT({ limitMs: limits.cpuStretchMs })
    if (reason === 'broken') return runtimeErrors.RUN_BREACH({ what: 'what it sent cannot be read' })
    return runtimeErrors.RUN_OVER({})
  }
}

function bodyOf(data: unknown, blob: ArrayBuffer | undefined): string | Uint8Array {
  if (typeof data === 'string') return data
  const [offset, length] = tagged(data)
  return sliceOf(blob, offset, length)
}

// Chunks come as a value of the codec: `{"\u0000b": [offset, length]}`.
function tagged(data: unknown): [unknown, unknown] {
  const pair = (data as Record<string, unknown> | null)?.['\u0000b']
  if (!Array.isArray(pair)) throw new TypeError('a body that is neither text nor bytes')
  return [pair[0], pair[1]]
}

function whole(value: unknown): number {
  if (!Number.isInteger(value)) throw new TypeError('a number was expected')
  return value as number
}
