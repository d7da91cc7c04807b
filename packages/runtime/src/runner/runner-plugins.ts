// Plugins in a runner process. Their code is loaded when the first run asks for one: most services have none.
import type { Logger } from '@m3m/base'
import type { OpenPluginsOptions, RunPlugins } from '../plugins/open-plugins.ts'
import type { PluginOrder } from '../plugins/plugin.contract.ts'

export interface RunnerPlugins {
  /** Loads those of one run. Never rejects because of a plugin. */
  open(orders: readonly PluginOrder[], options: Omit<OpenPluginsOptions, 'logger'>): Promise<RunPlugins>
  /**
   * An error that nobody caught, where Node reports it: told to the run and the plugin whose work it was. When that is not known, gives
   * back the plugin whose files are in its stack; null when there is none either.
   */
  blamed(error: unknown): string | null
}

/** Holds nothing but the knowledge which plugins were loaded. */
export function createRunnerPlugins(logger: Logger): RunnerPlugins {
  let inStack: ((stack: string) => { name: string } | null) | undefined
  let blame: ((error: unknown) => boolean) | undefined
  return {
    async open(orders, options) {
      const [{ pluginInStack }, { keepProcess }, { blameWork, followWork }, { openPlugins }] =
        await Promise.all([
          import('../plugins/module-hooks.ts'),
          import('../plugins/keep-process.ts'),
          import('../plugins/plugin-work.ts'),
          import('../plugins/open-plugins.ts'),
        ])
      inStack = pluginInStack
      keepProcess()
      followWork()
      blame = blameWork
      return await openPlugins(orders, { logger, ...options })
    },
    blamed(error) {
      if (blame?.(error)) return null
      return (error instanceof Error && inStack?.(error.stack ?? '')?.name) || null
    },
  }
}
