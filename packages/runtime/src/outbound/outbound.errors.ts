import { defineErrors } from '@m3m/base'

/** Why a connection to the outside was not made. */
export const outboundErrors = defineErrors({
  OUTBOUND_REFUSED: {
    blame: 'user',
    status: 403,
    text: (p: { host: string; address: string; range: string; cure: string }) =>
      `"${p.host}" (${p.address}) is a ${p.range} address, which services may not reach${p.cure}.`,
  },
  OUTBOUND_UNKNOWN_HOST: {
    blame: 'user',
    status: 502,
    text: (p: { host: string; reason: string }) =>
      `The host "${p.host}" is not known (${p.reason}); check its name.`,
  },
})
