import { defineErrors } from '@m3m/base'

export const routerErrors = defineErrors({
  ROUTER_PATTERN_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { path: string; reason: string }) => `The path "${p.path}" is not valid: ${p.reason}.`,
  },
})
