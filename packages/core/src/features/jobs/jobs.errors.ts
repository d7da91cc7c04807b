import { defineErrors } from '@m3m/base'

export const jobsErrors = defineErrors({
  JOBS_NO_JOB: {
    blame: 'user',
    status: 404,
    text: (p: { jobId: string }) =>
      `The running service has no repeating job "${p.jobId}". Jobs exist while their run lasts; look at the list again.`,
  },
  JOBS_NO_TASK: {
    blame: 'user',
    status: 404,
    text: (p: { taskId: string }) =>
      `The delayed task "${p.taskId}" does not wait: it has begun, or it is over. A task that runs cannot be cancelled.`,
  },
})
