import { defineErrors } from '@m3m/base'

export const routerErrors = defineErrors({
  ROUTER_PATTERN_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { path: string; reason: string }) => `The path "${p.path}" is not valid: ${p.reason}.`,
  },
  ROUTER_HEADER_INVALID: {
    blame: 'user',
    status: 500,
    text: (p: { header: string; reason: string }) => `The header "${p.header}" cannot be sent: ${p.reason}.`,
  },
})
