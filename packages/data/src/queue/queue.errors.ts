import { defineErrors } from '@m3m/base'

export const queueErrors = defineErrors({
  QUEUE_NAME: {
    blame: 'user',
    status: 400,
    text: (p: { name: string }) =>
      `"${p.name}" is no name for a queue: letters, digits, "-", "_", "." and ":", at most 100 characters.`,
  },
  QUEUE_PAYLOAD: {
    blame: 'user',
    status: 400,
    text: (p: { name: string; problem: string }) => `The job for "${p.name}" was refused: ${p.problem}`,
  },
  QUEUE_OPTION: {
    blame: 'user',
    status: 400,
    text: (p: { option: string; problem: string }) =>
      `The queue's option "${p.option}" was refused: ${p.problem}`,
  },
  QUEUE_FULL: {
    blame: 'user',
    status: 429,
    text: (p: { limit: number }) =>
      `${p.limit} jobs of this project wait already; let some be done before adding more.`,
  },
  QUEUE_JOB_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { id: string }) =>
      `There is no job "${p.id}" that may be changed: it is done, removed, or being worked on. Look at the list again.`,
  },
})
