import { defineErrors } from '@m3m/base'
import { pluginTexts } from './plugin.contract.ts'

/** Why a plugin cannot be used. Shown in the panel, in the log of a run and by the plugin's global itself. */
export const pluginErrors = defineErrors({
  PLUGIN_MANIFEST: {
    blame: 'host',
    status: 422,
    text: (p: { plugin: string; problem: string }) =>
      `plugin.json of the plugin "${p.plugin}" is wrong: ${p.problem}.`,
  },
  PLUGIN_API: {
    blame: 'host',
    status: 422,
    text: (p: { plugin: string; range: string; api: string }) =>
      `The plugin "${p.plugin}" is made for version ${p.range} of the plugin API, this agent has ${p.api}; install a version of the plugin that fits.`,
  },
  PLUGIN_NAME_TAKEN: {
    blame: 'host',
    status: 409,
    text: (p: { plugin: string; global: string; owner: string }) =>
      `The plugin "${p.plugin}" wants the global name "${p.global}", which belongs to ${p.owner}; give it another "global" in plugin.json.`,
  },
  PLUGIN_CONFIG: {
    blame: 'host',
    status: 422,
    text: (p: { plugin: string; key: string; problem: string }) =>
      `The setting "${p.key}" of the plugin "${p.plugin}" ${p.problem}; mend it on the page Plugins, or in config.yaml (plugins.config.${p.plugin}.${p.key}).`,
  },
  PLUGIN_LOAD_FAILED: {
    blame: 'host',
    status: 503,
    text: (p: { plugin: string; reason: string }) =>
      `The plugin "${p.plugin}" could not be loaded: ${p.reason}.`,
  },
  PLUGIN_NOT_BUILT: {
    blame: 'host',
    status: 503,
    text: (p: { plugin: string; file: string }) =>
      `The plugin "${p.plugin}" is not built: ${p.file} is not there. Its documentation says how to build it; then press "Look again" on the page Plugins.`,
  },
  PLUGIN_MISSING: {
    blame: 'host',
    status: 404,
    text: (p: { plugin: string }) =>
      `There is no plugin "${p.plugin}" on this agent; install it, or switch it off in the project's settings.`,
  },
  PLUGIN_PERMISSION: {
    blame: 'host',
    status: 403,
    text: (p: { plugin: string; what: string; permission: string }) =>
      `The plugin "${p.plugin}" may not use ${p.what}: it does not ask for the permission "${p.permission}" in plugin.json.`,
  },
  PLUGIN_ESCAPE: {
    blame: 'host',
    status: 403,
    text: (p: { plugin: string; what: string }) =>
      `The plugin "${p.plugin}" reaches out of its folder (${p.what}); put what it needs into its own folder.`,
  },
  PLUGIN_UNAVAILABLE: { blame: 'host', status: 503, text: pluginTexts.PLUGIN_UNAVAILABLE },
  PLUGIN_CALL_FAILED: {
    blame: 'host',
    status: 500,
    text: (p: { call: string }) =>
      `"${p.call}" failed inside of the plugin; the agent's log has the details.`,
  },
  PLUGIN_BUSY: {
    blame: 'host',
    status: 429,
    text: (p: { plugin: string; limit: number }) =>
      `The plugin "${p.plugin}" has ${p.limit} handlers of the service under way; wait for one to end.`,
  },
})
