import type { PluginCatalogue } from './plugin-catalogue.port.ts'

/** An agent without plugins. */
export const NO_PLUGINS: PluginCatalogue = {
  list: async () => [],
  check: async () => {},
  rescan: () => {},
  settingProblems: async () => ({}),
  needOwnProcess: async () => false,
}
