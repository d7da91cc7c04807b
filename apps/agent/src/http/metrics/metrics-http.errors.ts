import { defineErrors } from '@m3m/base'

export const metricsHttpErrors = defineErrors({
  METRICS_OFF: {
    blame: 'user',
    status: 404,
    text: (_: object) =>
      'Figures for Prometheus are off. Set metrics.token in config.yaml and restart the agent.',
  },
  METRICS_TOKEN: {
    blame: 'user',
    status: 401,
    text: (_: object) => 'Send the token of metrics.token: "Authorization: Bearer …".',
  },
})
