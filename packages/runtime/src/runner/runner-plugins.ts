// Plugins in a runner process. Their code is loaded when the first run asks for one: most services have none.
import type { Logger } from '@m3m/base'
import type { OpenPluginsOptions, RunPlugins } from '../plugins/open-plugins.ts'
import type { PluginOrder } from '../plugins/plugin.contract.ts'

export interface RunnerPlugins {
  /** Loads those of one run. Never rejects because of a plugin. */
  open(orders: readonly PluginOrder[], options: Omit<OpenPluginsOptions, 'logger'>): Promise<RunPlugins>
  /** The plugin whose files are in the stack of an error that nobody caught; null when there is none. */
  blamed(error: unknown): string | null
}

/** Holds nothing but the knowledge which plugins were loaded. */
export function createRunnerPlugins(logger: Logger): RunnerPlugins {
  let inStack: ((stack: string) => { name: string } | null) | undefined
  return {
    async open(orders, options) {
      const [{ pluginInStack }, { keepProcess }, { followTimers }, { openPlugins }] = await Promise.all([
        import('../plugins/module-hooks.ts'),
        import('../plugins/keep-process.ts'),
        import('../plugins/plugin-timers.ts'),
        import('../plugins/open-plugins.ts'),
      ])
      inStack = pluginInStack
      keepProcess()
      followTimers()
      return await openPlugins(orders, { logger, ...options })
    },
    blamed: (error) => (error instanceof Error && inStack?.(error.stack ?? '')?.name) || null,
  }
}
