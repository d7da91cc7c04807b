import { defineErrors } from '@m3m/base'

export const requestErrors = defineErrors({
  REQUEST_NOT_KEPT: {
    blame: 'user',
    status: 404,
    text: (_: object) =>
      'This request is not kept any more: newer ones took its place, or the agent was started again. The settings say how many are kept.',
  },
})
