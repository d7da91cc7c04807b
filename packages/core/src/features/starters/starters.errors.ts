import { defineErrors } from '@m3m/base'

export const starterErrors = defineErrors({
  STARTER_NOT_FOUND: {
    blame: 'user',
    status: 404,
    text: (p: { starter: string; known: string }) =>
      `This agent has no starter "${p.starter}"; it has ${p.known || 'none'}.`,
  },
})
