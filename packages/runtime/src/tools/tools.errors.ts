import { defineErrors } from '@m3m/base'

/** Why a job of the tool pool has no answer. `at` names what it was working on, as far as it said so. */
export const toolErrors = defineErrors({
  TOOL_TIMEOUT: {
    blame: 'user',
    status: 422,
    text: (p: { job: string; at: string; deadlineMs: number }) =>
      `${subject(p)} was not finished within ${p.deadlineMs} ms and was stopped; make it simpler or smaller.`,
  },
  TOOL_MEMORY: {
    blame: 'user',
    status: 422,
    text: (p: { job: string; at: string; capBytes: number }) =>
      `${subject(p)} needed more than ${Math.round(p.capBytes / 1048576)} MB of memory and was stopped; make it smaller.`,
  },
  TOOL_CRASHED: {
    blame: 'user',
    status: 422,
    text: (p: { job: string; at: string; reason: string }) =>
      `${subject(p)} broke the helper process (${p.reason}); change or remove what it was working on.`,
  },
  TOOL_BUSY: {
    blame: 'host',
    status: 503,
    text: (p: { job: string; waiting: number }) =>
      `The job "${p.job}" was refused, because ${p.waiting} others wait for a helper process; try again in a moment.`,
  },
  TOOL_CLOSED: {
    blame: 'host',
    status: 503,
    text: (p: { job: string }) => `The job "${p.job}" was given up, because the agent or runner is ending.`,
  },
  TOOL_ABORTED: {
    blame: 'user',
    status: 499,
    text: (p: { job: string }) => `The job "${p.job}" was given up by its caller.`,
  },
})

function subject(p: { job: string; at: string }): string {
  return p.at ? `The job "${p.job}" on "${p.at}"` : `The job "${p.job}"`
}
