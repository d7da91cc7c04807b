import { defineErrors } from '@m3m/base'

export const metricsErrors = defineErrors({
  METRICS_NO_JOB: {
    blame: 'user',
    status: 404,
    text: (p: { jobId: string }) =>
      `The running service has no job "${p.jobId}". Jobs exist while their run lasts.`,
  },
})
