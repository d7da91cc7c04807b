import type { FoundPlugin, PluginCatalogue } from '../features/plugins/plugin-catalogue.port.ts'

const SETTING = { type: 'string', description: '', secret: false, required: false, default: null }

/** Plugins that nobody loads: `bot` with settings, `tool` that is native, and what a test adds. */
export class MemoryPlugins implements PluginCatalogue {
  readonly found: FoundPlugin[] = [
    foundPlugin('bot', {
      settings: [
        { ...SETTING, key: 'word', set: true, value: 'from config.yaml', default: 'hello' },
        { ...SETTING, key: 'token', secret: true, set: false, value: null },
      ],
    }),
    foundPlugin('tool', {}, 'native'),
  ]
  readonly journal: string[] = []

  list() {
    return Promise.resolve([...this.found])
  }
  check(name: string) {
    this.journal.push(`check ${name}`)
    return Promise.resolve()
  }
  rescan() {
    this.journal.push('rescan')
  }
  /** Texts only, and nothing but what is declared. */
  settingProblems(name: string, given: Readonly<Record<string, unknown>>) {
    const known = this.found.find((plugin) => plugin.name === name)!.settings.map(({ key }) => key)
    const wrong = Object.entries(given).flatMap(([key, value]) => {
      if (!known.includes(key)) return [[key, 'is not one that the plugin has']]
      return typeof value === 'string' ? [] : [[key, 'must be of type string']]
    })
    return Promise.resolve(Object.fromEntries(wrong) as Record<string, string>)
  }
  needOwnProcess(names: readonly string[]) {
    const own = this.found.filter(({ manifest }) => manifest?.kind === 'native').map(({ name }) => name)
    return Promise.resolve(names.some((name) => own.includes(name)))
  }
}

/** A plugin that works, but for what `rest` says. */
export function foundPlugin(
  name: string,
  rest: Partial<FoundPlugin> = {},
  kind: 'js' | 'native' = 'js',
): FoundPlugin {
  const texts = { version: '1.0.0', api: '^1.0.0', author: '', url: '', description: '' }
  return {
    name,
    manifest: { name, global: name, ...texts, kind, permissions: [] },
    members: ['ping'],
    settings: [],
    checking: false,
    problem: null,
    details: '',
    failures: [],
    ...rest,
  }
}
