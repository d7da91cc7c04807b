import { defineErrors } from '@m3m/base'

export const scheduleErrors = defineErrors({
  SCHEDULE_EXPRESSION_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { expression: string; reason: string }) =>
      `"${p.expression}" is no cron expression (${p.reason}); write 5 or 6 fields, as in "0 3 * * MON", or @daily.`,
  },
  SCHEDULE_TIME_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { value: string; expected: string }) =>
      `"${p.value}" is no time for a job; write ${p.expected}.`,
  },
  SCHEDULE_OPTION_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { option: string; expected: string }) => `The option "${p.option}" of a job is ${p.expected}.`,
  },
  SCHEDULE_TOO_MANY_JOBS: {
    blame: 'user',
    status: 429,
    text: (p: { limit: number }) =>
      `The limit of ${p.limit} jobs is reached; cancel some or raise runtime.limits.maxJobs.`,
  },
})
