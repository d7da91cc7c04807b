// The plugins of one run in its runner: loaded, joined to the rooms, and told to the prelude.
import { messageOf, type Logger } from '@m3m/base'
import type { ModuleDefinition } from '../module/define-module.ts'
import type { PluginDefinition } from '../plugin.ts'
import type { openPluginHost as OpenPluginHost } from './plugin-host.ts'
import { beginWork, type PluginWork } from './plugin-work.ts'
import type { PluginOrder, SandboxPlugin } from './plugin.contract.ts'

export interface RunPlugins {
  /** One room a plugin that could be loaded. */
  readonly rooms: readonly ModuleDefinition[]
  /** Asked after the rooms' `bootData`: what the prelude installs, those that failed included. */
  sandbox(): SandboxPlugin[]
  /** The run ends before its rooms were opened. Else they say so themselves. */
  over(): void
}

export interface OpenPluginsOptions {
  readonly logger: Logger
  /** Why a plugin cannot be used, in a sentence for the log of the run, the panel and the plugin's global. */
  failed(plugin: string, reason: string): void
  /** Runs what a plugin computes; who watches the process knows for whom. Default: just runs it. */
  execute?<T>(work: () => T): T
}

const MAX_REASON_CHARS = 2_000

/** Loads plugins one after the other. Never rejects: a plugin that cannot be used is a stand-in that says why. */
export async function openPlugins(
  orders: readonly PluginOrder[],
  options: OpenPluginsOptions,
): Promise<RunPlugins> {
  const opened: OpenPlugin[] = []
  for (const order of orders) {
    const plugin = new OpenPlugin(order, options)
    await plugin.load()
    opened.push(plugin)
  }
  return {
    rooms: opened.flatMap((plugin) => plugin.room ?? []),
    sandbox: () => opened.map((plugin) => plugin.sandbox()),
    over: () => opened.forEach((plugin) => plugin.over()),
  }
}

/** A class, for what is known of it grows: loaded, its members, why it failed. */
class OpenPlugin {
  readonly #order: PluginOrder
  readonly #options: OpenPluginsOptions
  readonly #work: PluginWork
  #members: string[] = []
  #problem: string | null = null
  room: ModuleDefinition | null = null

  constructor(order: PluginOrder, options: OpenPluginsOptions) {
    this.#order = order
    this.#options = options
    const { execute = (work) => work(), failed } = options
    this.#work = beginWork({
      plugin: order.name,
      execute,
      failed: (error) => failed(order.name, messageOf(error).slice(0, MAX_REASON_CHARS)),
    })
  }

  async load(): Promise<void> {
    if (this.#order.problem !== null) return this.#fail(this.#order.problem)
    try {
      // Only now: a service without plugins loads none of this.
      const { loadPlugin } = await import('./load-plugin.ts')
      const { openPluginHost } = await import('./plugin-host.ts')
      this.#ready(await this.#work.execute(() => loadPlugin(this.#order)), openPluginHost)
    } catch (error) {
      this.#work.over()
      this.#failed(error)
    }
  }

  over(): void {
    this.#work.over()
  }

  sandbox(): SandboxPlugin {
    const { name, global, sandboxCode } = this.#order
    return { name, global, code: sandboxCode, members: this.#members, problem: this.#problem }
  }

  #ready(definition: PluginDefinition, openPluginHost: typeof OpenPluginHost): void {
    const order = this.#order
    this.room = {
      name: order.global,
      host: (context) => {
        const failed = (error: unknown) => this.#failed(error)
        const host = openPluginHost({ order, definition, context, work: this.#work, failed })
        this.#members = Object.keys(host.calls)
        return host
      },
    }
  }

  #failed(error: unknown): void {
    this.#options.logger.error('a plugin failed', { plugin: this.#order.name, error: messageOf(error) })
    this.#fail(messageOf(error))
  }

  #fail(reason: string): void {
    this.#problem = reason.slice(0, MAX_REASON_CHARS)
    this.#options.failed(this.#order.name, this.#problem)
  }
}
