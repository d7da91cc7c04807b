import type { HostContext, HostModule } from '../../module/define-module.ts'
import { checkRequest } from '../../outbound/check-request.ts'
import { createOutboundGuard, guardOptionsOf } from '../../outbound/guard.ts'
import { createHttpClient } from '../../outbound/http-client.ts'
import { DEFAULT_TIMEOUT_MS } from '../../outbound/http.contract.ts'
import { createOpenBodies } from './open-bodies.host.ts'
import { createSockets } from './sockets.host.ts'

/** The web's fetch, by the same client and guard as `http`; its bodies are pulled. And sockets, by the same guard. */
export function createFetchHost(context: HostContext): HostModule {
  const guard = createOutboundGuard(guardOptionsOf(context.settings))
  const client = createHttpClient({ guard })
  const bodies = createOpenBodies()
  const sockets = createSockets({ guard, enter: (event, args) => context.enter(event, args) })
  return {
    calls: {
      open: async ([request], { signal, remainingMs }) => {
        const timeoutMs = Math.min(DEFAULT_TIMEOUT_MS, Math.max(1, remainingMs - 50))
        const checked = { ...checkRequest(request), timeoutMs }
        // The web follows 20 redirects; ours is the bound of the outbound guard.
        return bodies.open((life) => client.begin(checked, signal, life))
      },
      pull: ([id]) => bodies.pull(id),
      cancel: ([id]) => bodies.cancel(id),
      connect: ([id, options]) => sockets.connect(id, options),
      send: ([id, data]) => sockets.send(id, data),
      close: ([id, code, reason]) => sockets.close(id, code, reason),
    },
    async [Symbol.asyncDispose]() {
      bodies.close()
      sockets.closeAll()
      await client[Symbol.asyncDispose]()
    },
  }
}
