import { defineErrors } from '@m3m/base'

export const agentSettingsErrors = defineErrors({
  AGENT_SETTINGS_CHANGED: {
    blame: 'user',
    status: 409,
    text: (_: object) =>
      'Somebody changed the settings of the agent in between; look at them and save again.',
  },
  AGENT_UPDATES_OFF: {
    blame: 'user',
    status: 409,
    text: (_: object) =>
      'The check for updates is off, so nothing is fetched; turn it on in Agent settings, Updates.',
  },
  AGENT_SETTINGS_NO_KEY: {
    blame: 'host',
    status: 503,
    text: (_: object) =>
      'The password cannot be kept: this agent has no key for secrets. Look for secrets.key beside the data.',
  },
})
