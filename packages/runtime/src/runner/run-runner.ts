// The main of a runner process: frames on one inherited socket, secrets by a pipe, the parent watched by another.
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createLogger, messageOf, type Logger } from '@m3m/base'
import { KIND, MAX_FROM_AGENT_BYTES, type Frame } from '../frames/frame.ts'
import { FrameChannel } from '../frames/frame-channel.ts'
import { createRunLog, type RunLogWriter } from '../logs/run-log-writer.ts'
import { preferAsOomVictim, watchParent } from '../supervisor/parent-watch.ts'
import { lazyProjectData, lazyService } from './lazy-data.ts'
import type { ArmOptions } from '../module/define-module.ts'
import { createToolPool, type ToolPool } from '../tools/index.ts'
import { createExecutionMark, type RunMark } from './execution-mark.ts'
import { createRunTools } from './run-tools.ts'
import type { RunPlugins } from '../plugins/open-plugins.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { RunLink, shapeOf } from './run-link.ts'
import { createRunnerPlugins, type RunnerPlugins } from './runner-plugins.ts'
import type { RunnerData, RunnerOptions } from './runner.options.ts'
import {
  CONTROL_CALLS,
  FD,
  METRIC_MS,
  type BootOrder,
  type RunnerFigures,
  type RunnerSetup,
} from './runner.wire.ts'
import { ServiceRun } from './service-run.ts'

/** A picture of 64 megapixels takes 256 MB, and a change of it as much again. */
const TOOL_RSS_BYTES = 1024 * 1024 * 1024

/** Each run may have a few (run-tools.ts); this bounds all of a runner together. */
const MAX_WAITING_JOBS = 512

interface Held {
  link: RunLink
  log: RunLogWriter
}

/** Runs a runner process; never returns by itself: the process lives until it is killed. */
export async function runRunner(options: RunnerOptions): Promise<void> {
  watchParent(FD.parent)
  preferAsOomVictim()
  const setup = JSON.parse(readFileSync(FD.setup, 'utf8')) as RunnerSetup
  const logger = createLogger((line) => process.stderr.write(`${line}\n`), { level: setup.logLevel })
  const main = new RunnerMain(options, setup, logger)
  process.on('uncaughtException', (error) => main.failed(error))
  process.on('unhandledRejection', (error) => main.failed(error))
  main.begin()
}

/** All runs of this process. */
class RunnerMain {
  readonly #options: RunnerOptions
  readonly #setup: RunnerSetup
  readonly #logger: Logger
  readonly #tools: ToolPool
  readonly #runs = new Map<number, Held>()
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })
  /** Runs whose plugins are being loaded. */
  readonly #opening = new Set<number>()
  readonly #plugins: RunnerPlugins
  #channel!: FrameChannel
  #data: Promise<RunnerData> | undefined

  constructor(options: RunnerOptions, setup: RunnerSetup, logger: Logger) {
    this.#options = options
    this.#setup = setup
    this.#logger = logger
    this.#plugins = createRunnerPlugins(logger)
    // No helper process starts before a module has work for one.
    this.#tools = createToolPool({
      processFolder: setup.processFolder,
      rssCapBytes: TOOL_RSS_BYTES,
      maxWaiting: MAX_WAITING_JOBS,
      logger,
    })
  }

  /** Nobody caught this. It is a plugin's fault, or ours; services run elsewhere. */
  failed(error: unknown): void {
    this.#logger.error('the runner failed', { error })
    const plugin = this.#plugins.blamed(error)
    if (plugin === null) return
    for (const { link } of this.#runs.values())
      if (link.run.order.plugins?.some(({ name }) => name === plugin))
        this.#pluginFailed(link, plugin, messageOf(error))
  }

  begin(): void {
    this.#channel = new FrameChannel({
      socket: new Socket({ fd: FD.frames }),
      maxBytes: MAX_FROM_AGENT_BYTES,
      onFrame: (frame) => this.#receive(frame),
      onBreach: (what) => this.#logger.error('the agent broke the protocol', { what }),
      onClosed: () => process.kill(process.pid, 'SIGKILL'),
    })
    this.#delay.enable()
    setInterval(() => this.#measure(), METRIC_MS)
    this.#channel.send({ kind: KIND.control, run: 0, head: '["ready"]' })
  }

  #receive(frame: Frame): void {
    if (frame.kind === KIND.call) {
      void this.#call(frame)
      return
    }
    const held = this.#runs.get(frame.run)
    if (!held) return
    try {
      held.link.receive(frame)
    } catch (error) {
      // A request for a run that has just ended: the agent hears of the end by itself.
      this.#logger.debug('a frame came too late', { error: messageOf(error) })
    }
  }

  async #call({ run, head }: Frame): Promise<void> {
    const [id, method, parameter] = JSON.parse(head) as [number, string, unknown]
    try {
      const value = await this.#perform(run, method, parameter)
      this.#result(run, [id, 1, value ?? null])
    } catch (error) {
      this.#result(run, [id, 0, shapeOf(error)])
    }
  }

  #result(run: number, head: unknown[]): void {
    this.#channel.send({ kind: KIND.result, run, head: JSON.stringify(head) })
  }

  async #perform(handle: number, method: string, parameter: unknown): Promise<unknown> {
    if (method === CONTROL_CALLS.boot) return await this.#boot(handle, parameter as BootOrder)
    const held = this.#runs.get(handle)
    if (!held) {
      if (method === CONTROL_CALLS.close) this.#opening.delete(handle)
      return null
    }
    const { run } = held.link
    switch (method) {
      case CONTROL_CALLS.arm:
        return await run.arm(parameter as ArmOptions)
      case CONTROL_CALLS.start:
        return await run.start()
      case CONTROL_CALLS.disarm:
        return await run.disarm()
      case CONTROL_CALLS.shutdown:
        return await run.shutdown()
      case CONTROL_CALLS.close:
        return await this.#close(handle, held)
      case CONTROL_CALLS.invalidate:
        return await this.#invalidate(run, parameter as 'models' | 'env')
      case CONTROL_CALLS.note:
        return held.log.write('warn', String(parameter))
      case CONTROL_CALLS.module: {
        const [name, args] = parameter as [string, unknown[]]
        return await run.control(name, args)
      }
      default:
        throw new Error(`unknown call ${method}`)
    }
  }

  async #boot(handle: number, { order, slot }: BootOrder): Promise<void> {
    const { logsPath, storagePath, settings } = this.#setup
    const log = createRunLog({
      folder: logsPath,
      projectId: order.projectId,
      runId: order.runId,
      lineBytes: order.limits.logLineBytes,
      totalBytes: order.limits.logFileBytes,
      logger: this.#logger,
    })
    const link = new RunLink({
      channel: this.#channel,
      handle,
      log: (level, text) => log.write(level, text),
      flushLog: () => log.flush(),
    })
    const source =
      'release' in order.source ? `release:${order.source.release}` : `debug:${order.source.branch}`
    const mark = createExecutionMark(slot)
    const plugins = await this.#openPlugins(handle, order, { link, mark }).catch(async (error: unknown) => {
      await log[Symbol.asyncDispose]()
      throw error
    })
    link.run = new ServiceRun({
      order,
      events: link.events,
      onJobs: (report) => link.jobs(report),
      data: lazyProjectData(order.projectId, async () =>
        (await this.#openData()).project(order.projectId, source),
      ),
      goals: lazyService(async () => (await this.#openData()).goals),
      queue: lazyService(async () => (await this.#openData()).queue),
      recordEvents: lazyService(async () => (await this.#openData()).recordEvents),
      storagePath,
      settings,
      tools: createRunTools(this.#tools),
      mark,
      ...(plugins && { plugins }),
      logger: this.#logger,
    })
    const held = { link, log }
    this.#runs.set(handle, held)
    if (order.notice) log.write('warn', order.notice)
    try {
      await link.run.boot({ logger: this.#logger })
    } catch (error) {
      const { message, position } = shapeOf(error)
      const at = position ? ` (${position.file}:${position.line}:${position.column})` : ''
      log.write('error', `${message}${at}`)
      await this.#close(handle, held)
      throw error
    }
  }

  /** @throws RUN_OVER when the run was closed meanwhile */
  async #openPlugins(
    handle: number,
    { plugins = [], runId }: BootOrder['order'],
    { link, mark }: { link: RunLink; mark: RunMark },
  ): Promise<RunPlugins | undefined> {
    if (plugins.length === 0) return undefined
    this.#opening.add(handle)
    const opened = await this.#plugins.open(plugins, {
      failed: (plugin, reason) => this.#pluginFailed(link, plugin, reason),
      execute: mark.during,
    })
    if (this.#opening.delete(handle)) return opened
    opened.over()
    throw runtimeErrors.RUN_OVER({ runId })
  }

  #pluginFailed(link: RunLink, plugin: string, reason: string): void {
    link.events.onLog('error', `[plugin ${plugin}] ${reason}`)
    link.pluginFailed(plugin, reason)
  }

  async #invalidate(run: ServiceRun, what: 'models' | 'env'): Promise<void> {
    if (this.#data) (await this.#data).invalidate(run.order.projectId, what)
    await run.invalidate(what)
  }

  async #close(handle: number, held: Held): Promise<void> {
    this.#runs.delete(handle)
    await held.link.run[Symbol.asyncDispose]()
    await held.log[Symbol.asyncDispose]()
  }

  #openData(): Promise<RunnerData> {
    return (this.#data ??= this.#options.openData(this.#setup.secrets, this.#logger))
  }

  #measure(): void {
    const cpu = process.cpuUsage()
    const figures: RunnerFigures = {
      cpuMs: (cpu.user + cpu.system) / 1000,
      rssBytes: process.memoryUsage.rss(),
      lagMs: Math.max(0, this.#delay.max / 1e6 - 20),
      runs: [],
    }
    this.#delay.reset()
    for (const [handle, { link }] of this.#runs) {
      const figure = link.run.figures()
      if (figure) figures.runs.push([handle, figure.cpuMs, figure.heapBytes])
    }
    this.#channel.send({ kind: KIND.metric, run: 0, head: JSON.stringify(figures) })
  }
}
