import { pluginFailure, type PluginContext, type PluginHost } from '@m3m/runtime/plugin'
import { MAX_NAME_CHARS } from './example.contract.ts'

/** The half in the runner process. Its arguments come from a guest: they are checked. */
export function createExampleHost({ config, project }: PluginContext): PluginHost {
  const greeting = config['greeting'] as string
  return {
    calls: {
      hello([name]) {
        if (typeof name !== 'string' || name.length > MAX_NAME_CHARS)
          throw pluginFailure(
            'EXAMPLE_NAME_INVALID',
            `example.hello expects a name of at most ${MAX_NAME_CHARS} characters.`,
          )
        return `${greeting}, ${name}, from ${project.name}!`
      },
    },
  }
}
