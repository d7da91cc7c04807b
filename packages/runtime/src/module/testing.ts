// A service in a real isolate, without agent, runner process or sockets: for tests of rooms and of the bridge.
import { devNull } from 'node:os'
import { join } from 'node:path'
import { newId, silentLogger, systemClock, type AppError, type Clock, type LogLevel } from '@m3m/base'
import type { GoalsService, ProjectData, RecordEvents } from '@m3m/data'
import type { BridgeEvents } from '../bridge/service-bridge.ts'
import { bundlePrelude } from '../isolate/build-prelude.ts'
import { PreludeScripts } from '../isolate/prelude.ts'
import { openPlugins, type RunPlugins } from '../plugins/open-plugins.ts'
import type { PluginOrder } from '../plugins/plugin.contract.ts'
import { ServiceRun, type RunOrder } from '../runner/service-run.ts'
import { ITEM } from '../sandbox/wire.contract.ts'
import type { JobMarks, JobReport, RunLimits } from '../supervisor/supervisor.port.ts'
import { findImportCalls } from '../tools/jobs/import-calls.ts'
import { createToolPool, type StrippedFile } from '../tools/index.ts'
import type { DurableQueue, ModuleDefinition } from './define-module.ts'

/** Below a file: a test that names no folder writes to none, whoever it runs as. */
const NO_FOLDER = join(devNull, 'none')

/** The defaults of config.yaml, with a smaller heap. */
export const testLimits: RunLimits = {
  memoryMb: 64,
  cpuStretchMs: 5000,
  requestWallMs: 30_000,
  requestBodyBytes: 10 * 1024 * 1024,
  responseBodyBytes: 10 * 1024 * 1024,
  maxRoutes: 1000,
  requestsKept: 50,
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
  goals?: GoalsService
  queue?: DurableQueue
  recordEvents?: RecordEvents
  /** The run is one of a release. Default: a debug run. */
  release?: string
  /** Default a new one. */
  projectId?: string
  storagePath?: string
  settings?: Record<string, unknown>
  clock?: Clock
  /** What earlier runs left of jobs, and who is told of this one's. */
  marks?: JobMarks
  onJobs?: (report: JobReport) => void
  rooms?: readonly ModuleDefinition[]
  /** Loaded into this process, as a runner does. */
  plugins?: readonly PluginOrder[]
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

/** A project without anything. */
const noData = { environment: { read: async () => ({ revision: 0, values: {} }) } } as unknown as ProjectData

let plain: Promise<PreludeScripts> | undefined
let withCalls: Promise<PreludeScripts> | undefined
const ASK = { name: 'ask', room: `(lane) => (member, ...args) => lane.call('slow.' + member, args)` }
const scriptsOf = async (extra?: typeof ASK): Promise<PreludeScripts> =>
  new PreludeScripts(await bundlePrelude(extra))

/** Boots a service in a real isolate. */
export async function openTestService(options: TestServiceOptions): Promise<TestService> {
  const prelude = await (options.calls ? (withCalls ??= scriptsOf(ASK)) : (plain ??= scriptsOf()))
  const failed: string[] = []
  const plugins = options.plugins
    ? await openPlugins(options.plugins, {
        logger: silentLogger,
        failed: (_plugin, reason) => failed.push(reason),
      })
    : undefined
  const service = new OpenTestService(options, plugins)
  for (const reason of failed) service.logs.push({ level: 'error', text: reason })
  if (options.boot === false) return service
  try {
    await service.run.boot({ prelude, logger: silentLogger })
    await service.run.arm()
    await service.run.start()
    return service
  } catch (error) {
    await service[Symbol.asyncDispose]()
    throw error
  }
}

class OpenTestService implements TestService {
  readonly logs: TestService['logs'] = []
  readonly bodies: TestService['bodies'] = new Map()
  readonly messages: TestService['messages'] = []
  readonly closes: TestService['closes'] = []
  readonly run: ServiceRun
  readonly #tools = createToolPool()
  readonly #gone = Promise.withResolvers<AppError>()
  readonly #poisoned = Promise.withResolvers<string>()
  readonly #waiting = new Map<number, (answer: TestAnswer) => void>()
  #checks: (() => void)[] = []
  #lastStream = 0

  constructor(options: TestServiceOptions, plugins?: RunPlugins) {
    this.run = new ServiceRun({
      order: orderOf(options),
      data: options.data ?? noData,
      goals: options.goals ?? ({} as GoalsService),
      queue: options.queue ?? ({} as DurableQueue),
      recordEvents: options.recordEvents ?? ({} as RecordEvents),
      storagePath: options.storagePath ?? NO_FOLDER,
      settings: options.settings ?? {},
      tools: this.#tools,
      clock: options.clock ?? systemClock,
      logger: silentLogger,
      ...(options.onJobs && { onJobs: options.onJobs }),
      ...(options.rooms && { rooms: options.rooms }),
      ...(plugins && { plugins }),
      events: this.#events(),
    })
  }

  get gone(): Promise<AppError> {
    return this.#gone.promise
  }
  get poisoned(): Promise<string> {
    return this.#poisoned.promise
  }

  request(
    method: string,
    url: string,
    {
      headers = [],
      body,
      wallMs = 30_000,
    }: { headers?: string[]; body?: string | Uint8Array; wallMs?: number } = {},
  ): Promise<TestAnswer> & { stream: number } {
    const stream = ++this.#lastStream
    const answer = new Promise<TestAnswer>((resolve) => this.#waiting.set(stream, resolve))
    const parts = [method, url, headers, '127.0.0.1'].map((part) => JSON.stringify(part)).join()
    const item = (text: string) => `[${ITEM.request},${stream},${parts},${text},${wallMs},0]`
    const { bridge } = this.run
    if (body instanceof Uint8Array) bridge.pushBytes(body, (offset) => item(`[${offset},${body.length}]`))
    else bridge.push(item(body === undefined ? 'null' : JSON.stringify(body)))
    return Object.assign(answer, { stream })
  }

  get(url: string): Promise<TestAnswer> {
    return this.request('GET', url)
  }

  push(item: unknown[]): void {
    this.run.bridge.push(JSON.stringify(item))
  }

  async logged(pattern: RegExp): Promise<string> {
    await this.until(() => this.logs.some((line) => pattern.test(line.text)))
    return this.logs.find((line) => pattern.test(line.text))!.text
  }

  until(check: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!check()) return
        this.#checks = this.#checks.filter((other) => other !== look)
        resolve()
      }
      this.#checks.push(look)
      look()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run[Symbol.asyncDispose]()
    await this.#tools[Symbol.asyncDispose]()
  }

  #events(): BridgeEvents {
    const noted =
      <A extends unknown[]>(note: (...args: A) => void) =>
      (...args: A): void => {
        note(...args)
        for (const check of this.#checks) check()
      }
    return {
      onAnswers: (answers) => {
        for (const answer of JSON.parse(`[${answers}]`) as unknown[][]) this.#answered(answer)
      },
      onBody: noted((stream, data, last) => {
        const body = this.#body(stream)
        if (data.length > 0) body.chunks.push(data)
        body.ended ||= last
      }),
      onBroken: noted((stream) => void (this.#body(stream).broken = true)),
      onMessage: noted((stream, data) => void this.messages.push({ stream, data })),
      onClose: noted((stream, code, reason) => void this.closes.push({ stream, code, reason })),
      onRoute() {},
      onLog: noted((level, text) => void this.logs.push({ level, text })),
      onLimit: noted(
        (limit, text) => void this.logs.push({ level: 'warn', text: `Limit ${limit}: ${text}` }),
      ),
      onGone: (error) => this.#gone.resolve(error),
      onPoisoned: (reason) => this.#poisoned.resolve(reason),
    }
  }

  #body(stream: number): { chunks: (string | Uint8Array)[]; ended: boolean; broken: boolean } {
    let body = this.bodies.get(stream)
    if (!body) this.bodies.set(stream, (body = { chunks: [], ended: false, broken: false }))
    return body
  }

  #answered([stream, status, headers, body, route, more, file]: unknown[]): void {
    const answer = { status, headers, body, route, more, ...(file ? { file } : {}) } as TestAnswer
    Object.defineProperty(answer, 'json', { get: () => JSON.parse(answer.body) as unknown })
    const resolve = this.#waiting.get(stream as number)
    this.#waiting.delete(stream as number)
    resolve?.(answer)
  }
}

/** An order for {@link ServiceRun} with the defaults of the product. */
export function orderOf({
  code,
  files = {},
  kind = 'script',
  limits,
  projectId = newId(),
  release,
  marks,
}: TestServiceOptions): RunOrder {
  const others = Object.entries(files).map(([path, text]) =>
    strippedOf(path, text, /^\s*(import|export)\b/m.test(text) ? 'module' : 'script'),
  )
  return {
    runId: newId(),
    projectId,
    slug: 'test',
    projectName: 'Test',
    source: release === undefined ? { branch: 'develop' } : { release },
    branch: 'develop',
    tag: null,
    files: [strippedOf('main.js', code, kind), ...others],
    entry: 'main.js',
    limits: { ...testLimits, ...limits },
    isolation: 'process',
    nativePlugins: false,
    fence: 1,
    outbound: { allow: [], hosts: [] },
    ...(marks && { jobs: marks }),
    startedAtMs: Date.now(),
  }
}

/** As the tool pool makes it of a file whose syntax is right. */
export function strippedOf(path: string, code: string, kind: 'script' | 'module'): StrippedFile {
  const imports = path.endsWith('.json') ? [] : findImportCalls(code, kind)
  return { path, code, kind, ...(imports.length > 0 && { imports }) }
}
