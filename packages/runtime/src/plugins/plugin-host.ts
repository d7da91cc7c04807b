// The host half of a plugin for one run: its context, and its answers in the shape of a room's.
import { AppError, messageOf, type LogLevel } from '@m3m/base'
import { createProjectFiles } from '../files/project-files.ts'
import type { HostCall, HostContext, HostModule } from '../module/define-module.ts'
import { createLineBucket } from '../sandbox/token-bucket.ts'
import type {
  PluginContext,
  PluginDefinition,
  PluginHost,
  PluginHttp,
  PluginLogger,
  PluginStorage,
} from '../plugin.ts'
import type { PluginOrder, PluginPermission } from './plugin.contract.ts'
import { pluginErrors } from './plugin.errors.ts'
import { within } from './load-plugin.ts'
import { createPluginHttp, type ClosablePluginHttp } from './plugin-http.ts'
import type { PluginWork } from './plugin-work.ts'

/** What waits longer holds up the start, or the end, of a service. */
const BOOT_LIMIT_MS = 10_000
const END_LIMIT_MS = 5_000
/** Handlers of the service that a plugin may have under way: each of them is memory of the isolate. */
export const MAX_ENTERED = 100
const ENTER_LIMIT_MS = 30_000
const LOG_LINES_PER_SECOND = 100
const MAX_LOG_CHARS = 8_000

export interface PluginHostOptions {
  readonly order: PluginOrder
  readonly definition: PluginDefinition
  readonly context: HostContext
  readonly work: PluginWork
  /** It cannot be used in this run: its global has to say so. */
  failed(error: unknown): void
}

/** Opens the host half. Never throws: what the plugin throws is told to `failed`. */
export function openPluginHost(options: PluginHostOptions): HostModule {
  const { work, definition, failed } = options
  const { execute } = work
  const ending = new AbortController()
  const parts = bind(options, ending.signal)
  const end = async (host: PluginHost | null): Promise<void> => {
    ending.abort()
    try {
      await within(
        execute(() => host?.shutdown?.()),
        END_LIMIT_MS,
      )
    } finally {
      work.over()
      await parts.close()
    }
  }
  try {
    const host = execute(() => definition.host(parts.context))
    return moduleOf(host, options, () => end(host))
  } catch (error) {
    failed(error)
    return { calls: {}, [Symbol.asyncDispose]: () => end(null) }
  }
}

function moduleOf(
  host: PluginHost,
  { order, context, work: { execute }, failed }: PluginHostOptions,
  end: () => Promise<void>,
): HostModule {
  const calls = Object.fromEntries(
    Object.entries(host.calls).map(([member, call]) => [
      member,
      told(`${order.global}.${member}`, (args, at) => execute(() => call(args, at)), context),
    ]),
  )
  return {
    calls,
    async bootData() {
      try {
        return await within(
          execute(() => host.bootData?.()),
          BOOT_LIMIT_MS,
        )
      } catch (error) {
        failed(error)
        return undefined
      }
    },
    async arm() {
      // One plugin that cannot begin keeps nobody else from it.
      await within(
        execute(async () => await host.arm?.()),
        BOOT_LIMIT_MS,
      ).catch((error: unknown) => complain(order, context, `cannot begin: ${messageOf(error)}`))
    },
    disarm: () =>
      within(
        execute(() => host.disarm?.()),
        END_LIMIT_MS,
      ),
    [Symbol.asyncDispose]: end,
  }
}

/** What a plugin throws without a code is nobody's business but the operator's. */
function told(name: string, call: HostCall, { logger }: HostContext): HostCall {
  return async (args, options) => {
    try {
      return await call(args, options)
    } catch (error) {
      if (error instanceof AppError) throw error
      logger.error('a plugin failed', { call: name, error: messageOf(error), stack: (error as Error)?.stack })
      throw pluginErrors.PLUGIN_CALL_FAILED({ call: name }, { cause: error })
    }
  }
}

function complain({ name }: PluginOrder, context: HostContext, text: string): void {
  context.log('error', `[plugin ${name}] ${text}`)
}

interface Bound {
  readonly context: PluginContext
  close(): Promise<void>
}

/** Hands in what was asked for. */
function bind({ order, context, work }: PluginHostOptions, signal: AbortSignal): Bound {
  const { project, run } = context
  let http: ClosablePluginHttp | undefined
  let offered: PluginHttp | undefined
  let storage: PluginStorage | undefined
  const demand = (permission: PluginPermission, what: string): void => {
    if (order.permissions.includes(permission)) return
    throw pluginErrors.PLUGIN_PERMISSION({ plugin: order.name, what, permission })
  }
  const bound: PluginContext = {
    project: Object.freeze({ id: project.id, slug: project.slug, name: project.name }),
    run: Object.freeze({ id: run.id, source: run.source }),
    config: Object.freeze(structuredClone(order.config)),
    logger: createPluginLogger(order.name, context),
    signal,
    get http() {
      demand('network', 'context.http')
      http ??= createPluginHttp(context, signal)
      return (offered ??= { request: work.offered(http.request) })
    },
    get storage() {
      demand('storage', 'context.storage')
      return (storage ??= createPluginStorage(context, work))
    },
    enter: work.offered(createEnter(order, context)),
  }
  return { context: Object.freeze(bound), close: async () => await http?.close() }
}

function createEnter({ name, global }: PluginOrder, context: HostContext): PluginContext['enter'] {
  let entered = 0
  return async (event, args, { timeoutMs = ENTER_LIMIT_MS } = {}) => {
    if (entered >= MAX_ENTERED) throw pluginErrors.PLUGIN_BUSY({ plugin: name, limit: MAX_ENTERED })
    entered++
    try {
      return await context.enter(`${global}.${event}`, args, { timeoutMs })
    } finally {
      entered--
    }
  }
}

function createPluginLogger(name: string, { log, clock }: HostContext): PluginLogger {
  const bucket = createLineBucket({ perSecond: LOG_LINES_PER_SECOND, burst: LOG_LINES_PER_SECOND })
  const write = (level: LogLevel) => (text: string) => {
    const now = clock.now()
    const passes = bucket.take(now)
    const dropped = bucket.report(now)
    if (dropped > 0) log('warn', `[${name}] ${dropped} lines of the plugin were dropped.`)
    if (passes) log(level, `[${name}] ${String(text).slice(0, MAX_LOG_CHARS)}`)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function createPluginStorage(context: HostContext, { offered }: PluginWork): PluginStorage {
  const { storage, path } = createProjectFiles(context)
  return {
    read: offered(async (file) => await storage.read(path(file))),
    write: offered(async (file, data) => {
      await storage.write(path(file), typeof data === 'string' ? Buffer.from(data) : data)
    }),
    exists: offered(async (file) => (await storage.stat(path(file))) !== null),
    remove: offered(async (file) => await storage.remove(path(file))),
    list: offered(async (folder) =>
      (await storage.list(path(folder))).map(({ name, path, kind, sizeBytes }) => ({
        name,
        path,
        kind,
        sizeBytes,
      })),
    ),
  }
}
