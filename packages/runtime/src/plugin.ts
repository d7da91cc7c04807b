// The door for plugins: `import { definePlugin } from '@m3m/runtime/plugin'`. The agent resolves this name itself, so a
// plugin folder needs no node_modules.
import { AppError } from '@m3m/base'
import type { CallContext, HostCall } from './module/define-module.ts'

export { PLUGIN_API_VERSION } from './plugins/plugin.contract.ts'
export type { CallContext, HostCall } from './module/define-module.ts'
export type { Awaitable, Lane, SandboxRoom } from './sandbox/lane.ts'
export type { Kernel, RunFacts } from './sandbox/kernel.port.ts'

/** A request of {@link PluginHttp}. */
export interface PluginRequest {
  /** Default GET, or POST with a body. */
  method?: string
  /** http or https. */
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** Sent as JSON; instead of `body`. */
  json?: unknown
  /** Milliseconds for all of it, redirects included. Default 30,000, at most 300,000. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** An answer, whatever its status. */
export interface PluginAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** At most 50 MB. */
  readonly body: Uint8Array
  text(): string
  /** @throws SyntaxError when the body is no JSON */
  json(): unknown
}

/** Requests to the outside by the rules that services obey: no addresses of this network unless the operator allows them. */
export interface PluginHttp {
  /** @throws HTTP_*, OUTBOUND_REFUSED, OUTBOUND_UNKNOWN_HOST */
  request(request: PluginRequest): Promise<PluginAnswer>
}

/** The project's files, with its quota: what services reach by `storage`. Paths are relative, `/`-separated. */
export interface PluginStorage {
  /** @throws STORAGE_NOT_FOUND, STORAGE_PATH, STORAGE_TOO_LARGE */
  read(path: string): Promise<Uint8Array>
  /** Makes the folders above it. @throws STORAGE_PATH, STORAGE_QUOTA */
  write(path: string, data: string | Uint8Array): Promise<void>
  exists(path: string): Promise<boolean>
  /** With all below. Nothing there is fine. @throws STORAGE_PATH for the root */
  remove(path: string): Promise<void>
  /** Folders first, then by name; the root without a path. @throws STORAGE_NOT_FOUND */
  list(path?: string): Promise<PluginFile[]>
}

/** A file or folder of the project. */
export interface PluginFile {
  readonly name: string
  readonly path: string
  readonly kind: 'file' | 'folder'
  readonly sizeBytes: number
}

/** Lines in the log of the run, marked with the plugin's name; at most 100 a second. */
export interface PluginLogger {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

/** What a plugin is given for one run of one project. The agent binds it: no argument of a service changes whose it is. */
export interface PluginContext {
  readonly project: { readonly id: string; readonly slug: string; readonly name: string }
  readonly run: {
    readonly id: string
    /** `release:1.2` or `debug:develop`. */
    readonly source: string
  }
  /** `plugins.config.<name>` of config.yaml, checked against the manifest, with its defaults. */
  readonly config: Readonly<Record<string, unknown>>
  readonly logger: PluginLogger
  /** Aborts when the run ends. */
  readonly signal: AbortSignal
  /** @throws PLUGIN_PERMISSION without the permission `network` */
  readonly http: PluginHttp
  /** @throws PLUGIN_PERMISSION without the permission `storage` */
  readonly storage: PluginStorage
  /**
   * Runs the handler that the sandbox half registered by `kernel.on('<global>.<event>')` and gives back what it returned.
   * At most 100 at once.
   *
   * @throws what the handler threw; PLUGIN_BUSY; RUN_OVER; SERVICE_HANDLER_TIMEOUT after `timeoutMs` (default 30,000)
   */
  enter(event: string, args: readonly unknown[], options?: { timeoutMs?: number }): Promise<unknown>
}

/** The host half for one run. All but `calls` may be left out. */
export interface PluginHost {
  /**
   * Keyed by member: `<global>.<member>` in the isolate. Arguments come from a hostile guest: check them. Dates, bytes, plain
   * objects and lists cross. Throw by {@link pluginFailure} what the author of the service should read.
   */
  readonly calls: Readonly<Record<string, HostCall>>
  /** Before the main file: what the sandbox half reads by `kernel.bootData('<global>')`. */
  bootData?(): unknown
  /** The run became active: from now on the plugin may call handlers by itself. */
  arm?(): void | Promise<void>
  /** The run gives way to another or ends: nothing may fire after this has settled. */
  disarm?(): void | Promise<void>
  /** The run is over: close what is open, within 5 s. */
  shutdown?(): void | Promise<void>
}

/** A plugin as its entry exports it by default. */
export interface PluginDefinition {
  /** Called once a run. Give back quickly; open what takes time in the first call, or in `bootData`. */
  host(context: PluginContext): PluginHost
}

const MARK = Symbol.for('m3m.plugin')

/** Declares a plugin: `export default definePlugin({ host })`. */
export function definePlugin(definition: PluginDefinition): PluginDefinition {
  if (typeof definition?.host !== 'function') throw new TypeError('definePlugin needs {host: (context) => …}')
  return Object.freeze({ ...definition, [MARK]: true })
}

/** Whether a value was made by {@link definePlugin}. */
export function isPlugin(value: unknown): value is PluginDefinition {
  return typeof value === 'object' && value !== null && MARK in value
}

/**
 * An error that reaches the service as it is: with `code` (`TELEGRAM_REFUSED`) and the text, which names the value at
 * fault and the cure. Anything else that a plugin throws is told to the agent's log only.
 */
export function pluginFailure(code: string, message: string, status = 400): Error {
  if (!isFailureCode(code)) throw new TypeError(`${code} is no code such as THING_FAILED`)
  return new AppError({ code, blame: 'user', status, message: message.slice(0, 2_000) })
}

/** Whether a text has the form of a code: `THING_FAILED`. */
export function isFailureCode(code: string): boolean {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code)
}

/** For hosts that wait: settles after `ms`, or at once when the signal aborts. Never rejects. */
export function pause(ms: number, signal: CallContext['signal']): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
