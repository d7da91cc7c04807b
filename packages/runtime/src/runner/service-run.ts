// One run inside a runner: its modules, its isolate, its phases.
import { join } from 'node:path'
import { AppError, systemClock, type Clock, type Logger, type LogLevel } from '@m3m/base'
import type { GoalsService, ProjectData, RecordEvents } from '@m3m/data'
import { asRunError } from '../bridge/author-errors.ts'
import { ServiceBridge, type BridgeEvents } from '../bridge/service-bridge.ts'
import type { ExecutionMark } from '../bridge/turn-loop.ts'
import { bindImportCalls } from '../isolate/import-calls.ts'
import { builtPrelude, type PreludeScripts } from '../isolate/prelude.ts'
import type {
  ArmOptions,
  DurableQueue,
  HostContext,
  Invalidation,
  ModuleDefinition,
} from '../module/define-module.ts'
import { openModules, type OpenModules } from '../module/open-modules.ts'
import { rooms as allRooms } from '../modules/rooms.ts'
import { PHASE_LIMIT_MS } from '../modules/service/service.contract.ts'
import type { RunPlugins } from '../plugins/open-plugins.ts'
import type { PluginOrder } from '../plugins/plugin.contract.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import type { RunFacts } from '../sandbox/kernel.port.ts'
import type { FileLinks } from '../supervisor/supervisor.options.ts'
import type { JobReport, RunSpec } from '../supervisor/supervisor.port.ts'
import type { ToolPool } from '../tools/index.ts'
import type { StrippedFile } from '../tools/tools.contract.ts'

/** A run as the runner is told of it: types are stripped already. */
export type RunOrder = Omit<RunSpec, 'files' | 'plugins'> & {
  files: readonly StrippedFile[]
  startedAtMs: number
  /** Ports of the agent, which the service may not reach. */
  ownPorts?: readonly number[]
  /** For `storage.url`; absent: no links can be made. */
  fileLinks?: FileLinks | null
  /** Those the project has enabled, usable or not. */
  plugins?: readonly PluginOrder[]
}

export interface ServiceRunOptions {
  order: RunOrder
  events: BridgeEvents
  /** Told what the run's jobs do. Absent: nobody asks. */
  onJobs?: (report: JobReport) => void
  data: ProjectData
  goals: GoalsService
  queue: DurableQueue
  recordEvents: RecordEvents
  storagePath: string
  settings: Readonly<Record<string, unknown>>
  tools: ToolPool
  /** Told whenever the service's code begins and ends to be executed. */
  mark?: ExecutionMark
  clock?: Clock
  logger: Logger
  /** Opened for this run already: their code is loaded asynchronously. */
  plugins?: RunPlugins
  /** For tests: other rooms, or another prelude. */
  rooms?: readonly ModuleDefinition[]
  prelude?: PreludeScripts
}

/** Phases: opened → boot (standby) → arm, start (active) → disarm → shutdown → dispose. The agent says when. */
export class ServiceRun implements AsyncDisposable {
  readonly order: RunOrder
  readonly #events: BridgeEvents
  readonly #modules: OpenModules
  readonly #plugins: RunPlugins | undefined
  #bridge: ServiceBridge | null = null
  #shutdown: Promise<void> | null = null
  #armed = false
  #disposed = false
  readonly #mark: ExecutionMark | undefined

  constructor(options: ServiceRunOptions) {
    this.order = options.order
    this.#mark = options.mark
    this.#events = options.events
    this.#plugins = options.plugins
    const rooms = options.rooms ?? allRooms
    this.#modules = openModules(this.#context(options), [...rooms, ...(options.plugins?.rooms ?? [])])
  }

  /** The bridge of a run that has booted. */
  get bridge(): ServiceBridge {
    if (!this.#bridge) throw runtimeErrors.RUN_OVER({ runId: this.order.runId })
    return this.#bridge
  }

  /**
   * Main file, then boot callbacks.
   *
   * @throws RUN_BOOT_FAILED, RUN_CODE_INVALID, RUN_BOOT_TIMEOUT, RUN_MEMORY_LIMIT, RUN_CPU_LIMIT; `position` where known.
   */
  async boot(options: Pick<ServiceRunOptions, 'prelude' | 'logger'>): Promise<void> {
    const { order } = this
    const scripts = options.prelude ?? builtPrelude()
    const { script, named } = scripts.select(order.files)
    const bound = bindImportCalls(order.files)
    const bridge = await ServiceBridge.open({
      prelude: scripts.prelude,
      script,
      setup: {
        facts: factsOf(order),
        bootData: await this.#modules.bootData(),
        ...bound,
        // After their boot data: one that fails there is installed as a stand-in.
        plugins: this.#plugins?.sandbox() ?? [],
        named,
      },
      limits: order.limits,
      calls: this.#modules.calls,
      events: this.#events,
      ...(this.#mark && { mark: this.#mark }),
      logger: options.logger,
    })
    if (this.#disposed) {
      bridge.dispose()
      throw runtimeErrors.RUN_OVER({ runId: order.runId })
    }
    this.#bridge = bridge
    await bridge.load(bound, order.entry, order.limits.bootMs)
    await this.#phase('boot', 'boot callbacks')
  }

  /** Jobs, queue and events may fire. */
  async arm(options: ArmOptions = { sinceMs: null }): Promise<void> {
    if (this.#armed) return
    this.#armed = true
    await this.#modules.arm(options)
  }

  /** Start callbacks. @throws as {@link ServiceRun.boot}. */
  start(): Promise<void> {
    return this.#phase('start', 'start callbacks')
  }

  /** @returns from when on the run that follows has to look after what falls due; null when this one was not armed. */
  async disarm(): Promise<number | null> {
    if (!this.#armed) return null
    this.#armed = false
    const sinceMs = Date.now()
    await this.#modules.disarm()
    return sinceMs
  }

  /** Shutdown callbacks, at most once. Never rejects. */
  shutdown(): Promise<void> {
    return (this.#shutdown ??= this.#phase('shutdown', 'shutdown callbacks').catch((error: unknown) => {
      this.#events.onLog('error', (error as Error).message)
    }))
  }

  invalidate(what: Invalidation): Promise<void> {
    return this.#modules.invalidate(what)
  }

  /** A control of a module by the panel; null where there is no such control. */
  async control(name: string, args: readonly unknown[]): Promise<unknown> {
    return (await this.#modules.controls.get(name)?.(args)) ?? null
  }

  /** CPU time and heap of the isolate; null while there is none. */
  figures(): { cpuMs: number; heapBytes: number } | null {
    const bridge = this.#bridge
    return bridge && { cpuMs: bridge.cpuMs, heapBytes: bridge.heapBytes }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    await this.disarm()
    await this.#modules[Symbol.asyncDispose]()
    this.#bridge?.dispose()
    await this.#bridge?.left
  }

  async #phase(phase: 'boot' | 'start' | 'shutdown', what: string): Promise<void> {
    const limitMs = phase === 'boot' ? this.order.limits.bootMs : PHASE_LIMIT_MS
    try {
      await this.bridge.enter(`service.${phase}`, [], { timeoutMs: limitMs })
    } catch (error) {
      if (error instanceof AppError && error.code === 'SERVICE_HANDLER_TIMEOUT')
        throw runtimeErrors.RUN_BOOT_TIMEOUT({ phase: what, limitMs })
      throw asRunError(what, error)
    }
  }

  #context({
    order,
    data,
    goals,
    queue,
    recordEvents,
    storagePath,
    settings,
    tools,
    logger,
    clock = systemClock,
    onJobs = () => {},
  }: ServiceRunOptions): HostContext {
    const { project, source, tag, runId, startedAtMs } = factsOf(order)
    const fields = { project: project.id, run: runId }
    return {
      project,
      run: { id: runId, source, tag, startedAtMs },
      limits: order.limits,
      data,
      goals,
      queue,
      recordEvents,
      storagePath: join(storagePath, project.id, 'storage'),
      settings: { ...settings, ...settingsOf(order) },
      tools,
      mentions: (word) =>
        order.files.some(({ code }) => new RegExp(`(?<![\\w])\\$?${word}(?![\\w$])`).test(code)),
      jobs: { marks: order.jobs ?? {}, report: onJobs },
      clock,
      logger: logger.with(fields),
      log: (level: LogLevel, text: string) => this.#events.onLog(level, text),
      enter: (event, args, options) =>
        this.#bridge
          ? this.#bridge.enter(event, args, options)
          : Promise.reject(runtimeErrors.RUN_OVER({ runId })),
    }
  }
}

/** What a project has of its own among the settings that modules read; the agent's hold for what is absent. */
function settingsOf({ outbound, ownPorts, limits, fileLinks }: RunOrder): Record<string, unknown> {
  const { allow, hosts } = outbound
  return {
    ...(allow.length > 0 && { outboundAllow: allow }),
    ...(hosts.length > 0 && { outboundHosts: hosts }),
    ...(ownPorts && ownPorts.length > 0 && { ownPorts }),
    ...(fileLinks && { fileLinks }),
    ...(limits.storageQuotaBytes !== undefined && { storageQuotaBytes: limits.storageQuotaBytes }),
  }
}

function factsOf(order: RunOrder): RunFacts {
  const { limits } = order
  return {
    project: { id: order.projectId, name: order.projectName, slug: order.slug },
    source: 'release' in order.source ? `release:${order.source.release}` : `debug:${order.source.branch}`,
    tag: order.tag,
    runId: order.runId,
    startedAtMs: order.startedAtMs,
    limits: {
      maxRoutes: limits.maxRoutes,
      responseBodyBytes: limits.responseBodyBytes,
      logLineBytes: limits.logLineBytes,
    },
  }
}
