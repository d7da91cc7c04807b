import type { HostContext, HostModule } from '../../module/define-module.ts'
import { checkRequest } from '../../outbound/check-request.ts'
import { createOutboundGuard, guardOptionsOf } from '../../outbound/guard.ts'
import { createHttpClient } from '../../outbound/http-client.ts'
import { DEFAULT_TIMEOUT_MS } from '../../outbound/http.contract.ts'

/** The web's fetch, by the same client and guard as `http`. */
export function createFetchHost({ settings }: HostContext): HostModule {
  const guard = createOutboundGuard(guardOptionsOf(settings))
  const client = createHttpClient({ guard })
  return {
    calls: {
      send: ([request], { signal, remainingMs }) => {
        const timeoutMs = Math.min(DEFAULT_TIMEOUT_MS, Math.max(1, remainingMs - 50))
        // The web follows 20 redirects; ours is the bound of the outbound guard.
        return client.send({ ...checkRequest(request), timeoutMs }, signal)
      },
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
