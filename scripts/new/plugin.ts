import { camel, constant, pascal } from './names.ts'

/** A plugin with one call in the host and one member in the isolate. It works as it is: look again on the page Plugins. */
export function pluginFiles(name: string): Record<string, string> {
  const folder = `plugins/${name}`
  const global = camel(name)
  const manifest = {
    name,
    version: '0.1.0',
    api: '^1.0.0',
    author: '',
    description: 'What the plugin is for, in one sentence.',
    main: 'src/index.ts',
    sandbox: `src/${name}.sandbox.ts`,
    types: `src/${name}.d.ts`,
    docs: `src/${name}.docs.md`,
    permissions: [],
    config: {
      greeting: { type: 'string', default: 'Hello', description: 'The word that greet() begins with.' },
    },
  }
  return {
    [`${folder}/plugin.json`]: `${JSON.stringify(manifest, null, 2)}\n`,
    [`${folder}/src/index.ts`]: `import { definePlugin } from '@m3m/runtime/plugin'
import { create${pascal(name)}Host } from './${name}.host.ts'

// oxlint-disable-next-line no-default-export -- what the loader of plugins asks for
export default definePlugin({ host: create${pascal(name)}Host })
`,
    [`${folder}/src/${name}.host.ts`]: `import { pluginFailure, type PluginContext, type PluginHost } from '@m3m/runtime/plugin'

/** The half in the runner process. Its arguments come from a guest: they are checked. */
export function create${pascal(name)}Host({ config, project }: PluginContext): PluginHost {
  const greeting = config['greeting'] as string
  return {
    calls: {
      greet([who]) {
        if (typeof who !== 'string' || who === '')
          throw pluginFailure('${constant(name)}_NAME', '${global}.greet expects a name.')
        return \`\${greeting}, \${who}, from \${project.name}!\`
      },
    },
  }
}
`,
    [`${folder}/src/${name}.sandbox.ts`]: `import type { SandboxRoom } from '@m3m/runtime/plugin'

/** The half inside of the isolate: what needs no host is computed here, without waiting. */
export const room: SandboxRoom = (lane) => ({
  greet: (who: unknown) => lane.call<string>('${global}.greet', [who]),
  shout: (text: unknown) => String(text).toUpperCase(),
})
`,
    [`${folder}/src/${name}.d.ts`]: `/** What the plugin is for, in one sentence. */
interface ${pascal(name)}Module {
  /**
   * A greeting from the project. Its first word is the setting \`greeting\` of the plugin.
   * @throws ${constant(name)}_NAME when \`who\` is no text, or an empty one
   */
  greet(who: string): Promise<string>
  /** The text in capital letters. */
  shout(text: string): string
}
`,
    [`${folder}/src/${name}.docs.md`]: `# ${global}

What the plugin is for, in one sentence.

## greet

\`\`\`js
logger.info(await ${global}.greet('Ann')) // Hello, Ann, from Shop!
\`\`\`

## shout

\`\`\`js
logger.info(${global}.shout('fire')) // FIRE
\`\`\`

## Errors

- \`${constant(name)}_NAME\`: the name is no text, or an empty one.
`,
  }
}
