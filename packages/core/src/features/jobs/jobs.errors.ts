import { defineErrors } from '@m3m/base'

export const jobsErrors = defineErrors({
  JOBS_NO_JOB: {
    blame: 'user',
    status: 404,
    text: (p: { jobId: string }) =>
      `The running service has no repeating job "${p.jobId}". Jobs exist while their run lasts; look at the list again.`,
  },
})
