import { defineErrors } from '@m3m/base'

export const pluginsErrors = defineErrors({
  PLUGINS_UNKNOWN: {
    blame: 'user',
    status: 404,
    text: (p: { plugin: string }) =>
      `There is no plugin "${p.plugin}" on this agent; put its folder below plugins.path and look again.`,
  },
  PLUGINS_TOO_MANY: {
    blame: 'user',
    status: 409,
    text: (p: { max: number }) =>
      `A project has at most ${p.max} plugins; switch off one that it does not use.`,
  },
  PLUGINS_SETTINGS: {
    blame: 'user',
    status: 400,
    text: (p: { plugin: string; problems: string }) =>
      `Settings of the plugin "${p.plugin}" are wrong: ${p.problems}.`,
  },
  PLUGINS_SETTING: {
    blame: 'user',
    status: 400,
    text: (p: { problem: string }) => `This setting ${p.problem}.`,
  },
  PLUGINS_CHANGED: {
    blame: 'user',
    status: 409,
    text: (p: { plugin: string }) =>
      `Somebody changed the settings of the plugin "${p.plugin}" in between; look at them and save again.`,
  },
  PLUGINS_NO_KEY: {
    blame: 'host',
    status: 503,
    text: (p: { key: string }) =>
      `The secret setting "${p.key}" cannot be kept: this agent has no key for secrets. Look for secrets.key beside the data.`,
  },
})
