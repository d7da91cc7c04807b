// A service in a real isolate, without agent, runner process or sockets: for tests of rooms and of the bridge.
import { newId, silentLogger, systemClock, type AppError, type Clock, type LogLevel } from '@m3m/base'
import type { ProjectData } from '@m3m/data'
import { bundlePrelude } from '../isolate/build-prelude.ts'
import { ServiceRun, type RunOrder } from '../runner/service-run.ts'
import { ITEM } from '../sandbox/wire.contract.ts'
import type { RunLimits } from '../supervisor/supervisor.port.ts'
import { createToolPool } from '../tools/index.ts'
import type { ModuleDefinition } from './define-module.ts'

/** The defaults of config.yaml, with a smaller heap. */
export const testLimits: RunLimits = {
  memoryMb: 64,
  cpuStretchMs: 5000,
  requestWallMs: 30_000,
  requestBodyBytes: 10 * 1024 * 1024,
  responseBodyBytes: 10 * 1024 * 1024,
  maxRoutes: 1000,
  maxJobs: 1000,
  delayedQueue: 10_000,
  bootMs: 30_000,
  logLineBytes: 16_384,
  logFileBytes: 50 * 1024 * 1024,
}

export interface TestServiceOptions {
  /** The main file; further files by `files`. */
  code: string
  files?: Record<string, string>
  /** `module` when the main file has import, export or top-level await (the tool pool says so in the product). */
  kind?: 'script' | 'module'
  limits?: Partial<RunLimits>
  data?: ProjectData
  storagePath?: string
  settings?: Record<string, unknown>
  clock?: Clock
  rooms?: readonly ModuleDefinition[]
  /** Gives the service `ask(member, ...args)` and `$ask`: calls of a room named `slow`. */
  calls?: boolean
  /** Stop after the main file's isolate is made; the test boots by itself. */
  boot?: boolean
}

export interface TestAnswer {
  status: number
  /** 0 JSON, 1 text, 2 bytes, 3 none, or a flat list. */
  headers: number | string[]
  body: string
  json: unknown
  route: number
  more: number
  file?: { path: string }
}

export interface TestService extends AsyncDisposable {
  readonly run: ServiceRun
  readonly logs: { level: LogLevel; text: string }[]
  /** Bodies sent in parts, by stream. */
  readonly bodies: Map<number, { chunks: (string | Uint8Array)[]; ended: boolean; broken: boolean }>
  readonly messages: { stream: number; data: string | Uint8Array }[]
  readonly closes: { stream: number; code: number; reason: string }[]
  /** Settles with the reason when the isolate is gone. */
  readonly gone: Promise<AppError>
  readonly poisoned: Promise<string>
  /** Sends a request; the answer is that of its stream. */
  request(
    method: string,
    url: string,
    options?: { headers?: string[]; body?: string | Uint8Array; wallMs?: number },
  ): Promise<TestAnswer> & { stream: number }
  get(url: string): Promise<TestAnswer>
  push(item: unknown[]): void
  /** Resolves with the first log line that matches, also a past one. */
  logged(pattern: RegExp): Promise<string>
  /** Waits until `check` is true, looking after every event. */
  until(check: () => boolean): Promise<void>
}

let plain: Promise<string> | undefined
let withCalls: Promise<string> | undefined
const ASK = `{ name: 'ask', aliases: [], twin: true, room: (lane) => (member, ...args) => lane.call('slow.' + member, args) }`

/** Boots a service in a real isolate. */
export async function openTestService(options: TestServiceOptions): Promise<TestService> {
  const text = await (options.calls ? (withCalls ??= bundlePrelude(ASK)) : (plain ??= bundlePrelude()))
  const logs: TestService['logs'] = []
  const bodies: TestService['bodies'] = new Map()
  const messages: TestService['messages'] = []
  const closes: TestService['closes'] = []
  const waiting = new Map<number, (answer: TestAnswer) => void>()
  const gone = Promise.withResolvers<AppError>()
  const poisoned = Promise.withResolvers<string>()
  let checks: (() => void)[] = []
  const happened = () => {
    for (const check of checks) check()
  }
  const bodyOf = (stream: number) => {
    let body = bodies.get(stream)
    if (!body) bodies.set(stream, (body = { chunks: [], ended: false, broken: false }))
    return body
  }
  const tools = createToolPool()
  const run = new ServiceRun({
    order: orderOf(options),
    data: options.data ?? ({} as ProjectData),
    storagePath: options.storagePath ?? '/nonexistent',
    settings: options.settings ?? {},
    tools,
    clock: options.clock ?? systemClock,
    logger: silentLogger,
    ...(options.rooms && { rooms: options.rooms }),
    events: {
      onAnswers(answers) {
        for (const answer of JSON.parse(`[${answers}]`) as unknown[][]) settle(answer)
      },
      onBody(stream, data, last) {
        const body = bodyOf(stream)
        if (data.length > 0) body.chunks.push(data)
        body.ended ||= last
        happened()
      },
      onBroken(stream) {
        bodyOf(stream).broken = true
        happened()
      },
      onMessage(stream, data) {
        messages.push({ stream, data })
        happened()
      },
      onClose(stream, code, reason) {
        closes.push({ stream, code, reason })
        happened()
      },
      onRoute() {},
      onLog(level, line) {
        logs.push({ level, text: line })
        happened()
      },
      onGone: (error) => gone.resolve(error),
      onPoisoned: (reason) => poisoned.resolve(reason),
    },
  })
  function settle([stream, status, headers, body, route, more, file]: unknown[]): void {
    const answer = { status, headers, body, route, more, ...(file ? { file } : {}) } as TestAnswer
    Object.defineProperty(answer, 'json', { get: () => JSON.parse(answer.body) as unknown })
    const resolve = waiting.get(stream as number)
    waiting.delete(stream as number)
    resolve?.(answer)
  }
  let lastStream = 0
  const service: TestService = {
    run,
    logs,
    bodies,
    messages,
    closes,
    gone: gone.promise,
    poisoned: poisoned.promise,
    request(method, url, { headers = [], body, wallMs = 30_000 } = {}) {
      const stream = ++lastStream
      const answer = new Promise<TestAnswer>((resolve) =>
        waiting.set(stream, resolve),
      ) as Promise<TestAnswer> & { stream: number }
      answer.stream = stream
      const item = (text: string) =>
        `[${ITEM.request},${stream},${JSON.stringify(method)},${JSON.stringify(url)},${JSON.stringify(headers)},"127.0.0.1",${text},${wallMs},0]`
      if (body instanceof Uint8Array)
        run.bridge.pushBytes(body, (offset) => item(`[${offset},${body.length}]`))
      else run.bridge.push(item(body === undefined ? 'null' : JSON.stringify(body)))
      return answer
    },
    get: (url) => service.request('GET', url),
    push: (item) => run.bridge.push(JSON.stringify(item)),
    async logged(pattern) {
      await service.until(() => logs.some((line) => pattern.test(line.text)))
      return logs.find((line) => pattern.test(line.text))!.text
    },
    until: (check) =>
      new Promise((resolve) => {
        const look = () => {
          if (!check()) return
          checks = checks.filter((other) => other !== look)
          resolve()
        }
        checks.push(look)
        look()
      }),
    async [Symbol.asyncDispose]() {
      await run[Symbol.asyncDispose]()
      await tools[Symbol.asyncDispose]()
    },
  }
  if (options.boot === false) return service
  try {
    await run.boot({ prelude: text, logger: silentLogger })
    await run.arm()
    await run.start()
    return service
  } catch (error) {
    await service[Symbol.asyncDispose]()
    throw error
  }
}

/** An order for {@link ServiceRun} with the defaults of the product. */
export function orderOf({ code, files = {}, kind = 'script', limits }: TestServiceOptions): RunOrder {
  const others = Object.entries(files).map(([path, text]) => ({
    path,
    code: text,
    kind: /^\s*(import|export)\b/m.test(text) ? ('module' as const) : ('script' as const),
  }))
  return {
    runId: newId(),
    projectId: newId(),
    slug: 'test',
    projectName: 'Test',
    source: { branch: 'develop' },
    branch: 'develop',
    tag: null,
    files: [{ path: 'main.js', code, kind }, ...others],
    entry: 'main.js',
    limits: { ...testLimits, ...limits },
    isolation: 'process',
    fence: 1,
    startedAtMs: Date.now(),
  }
}
