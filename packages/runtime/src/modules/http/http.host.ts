import { createProjectFiles } from '../../files/project-files.ts'
import type { CallContext, HostContext, HostModule } from '../../module/define-module.ts'
import { createOutboundGuard, guardOptionsOf } from '../../outbound/guard.ts'
import { createHttpClient } from '../../outbound/http-client.ts'
import { httpErrors } from '../../outbound/http.errors.ts'
import {
  DEFAULT_TIMEOUT_MS,
  MAX_DOWNLOAD_BYTES,
  MAX_TIMEOUT_MS,
  type OutboundAnswer,
  type OutboundRequest,
} from '../../outbound/http.contract.ts'
import { checkRequest } from '../../outbound/check-request.ts'

/** Requests of a service to the outside. */
export function createHttpHost(context: HostContext): HostModule {
  const guard = createOutboundGuard(guardOptionsOf(context.settings))
  const client = createHttpClient({ guard })
  const files = createProjectFiles(context)

  async function download(
    request: OutboundRequest,
    path: unknown,
    options: { any: boolean; signal: AbortSignal },
  ) {
    return client.open(request, options.signal, async ({ body, ...head }): Promise<OutboundAnswer> => {
      if (!options.any && (head.status < 200 || head.status > 299)) {
        body.destroy()
        throw httpErrors.HTTP_STATUS({ url: request.url, status: head.status })
      }
      await files.storage.write(files.path(path), body, { maxBytes: MAX_DOWNLOAD_BYTES })
      return { ...head, body: new Uint8Array(0) }
    })
  }
  return {
    calls: {
      send: ([request], call) => client.send(bounded(checkRequest(request), call), call.signal),
      download: ([request, path, any], call) =>
        download(bounded(checkRequest(request), call), path, { any: any === true, signal: call.signal }),
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

/** A request ends with its call, with a moment left to say why. */
function bounded(request: OutboundRequest, { remainingMs }: CallContext): OutboundRequest {
  const most = Math.max(1, remainingMs - 50)
  return { ...request, timeoutMs: Math.min(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, most, MAX_TIMEOUT_MS) }
}
