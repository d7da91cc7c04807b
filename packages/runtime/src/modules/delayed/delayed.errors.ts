import { defineErrors } from '@m3m/base'

export const delayedErrors = defineErrors({
  DELAYED_QUEUE_FULL: {
    blame: 'user',
    status: 429,
    text: (p: { limit: number }) =>
      `${p.limit} delayed tasks wait already; make fewer, or raise runtime.limits.delayedQueue.`,
  },
  DELAYED_CANCELLED: {
    blame: 'user',
    status: 409,
    text: (p: { id: string }) => `The delayed task ${p.id} was cancelled.`,
  },
})
