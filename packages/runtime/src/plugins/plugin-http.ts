// Requests of plugins, by the guard and the client of services.
import type { HostContext } from '../module/define-module.ts'
import { checkRequest } from '../outbound/check-request.ts'
import { createOutboundGuard, guardOptionsOf } from '../outbound/guard.ts'
import { createHttpClient, type HttpClient } from '../outbound/http-client.ts'
import { DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS, type OutboundAnswer } from '../outbound/http.contract.ts'
import type { PluginAnswer, PluginHttp, PluginRequest } from '../plugin.ts'

export interface ClosablePluginHttp extends PluginHttp {
  close(): Promise<void>
}

/** Makes the client of one run; `signal` ends all of its requests. */
export function createPluginHttp({ settings }: HostContext, signal: AbortSignal): ClosablePluginHttp {
  const client: HttpClient = createHttpClient({ guard: createOutboundGuard(guardOptionsOf(settings)) })
  return {
    async request(request) {
      const signals = request.signal ? AbortSignal.any([signal, request.signal]) : signal
      return shown(await client.send(checkRequest(outbound(request)), signals))
    },
    close: () => client[Symbol.asyncDispose]() as Promise<void>,
  }
}

function outbound({ method, url, headers = {}, body, json, timeoutMs }: PluginRequest): unknown {
  const named = Object.entries(headers)
  const isTyped = named.some(([name]) => name.toLowerCase() === 'content-type')
  if (json !== undefined && !isTyped) named.push(['content-type', 'application/json'])
  const content = json === undefined ? body : JSON.stringify(json)
  return {
    url,
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers: named,
    ...(content !== undefined && { body: content }),
    timeoutMs: Math.min(timeoutMs ?? DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS),
  }
}

function shown({ status, headers, body }: OutboundAnswer): PluginAnswer {
  const text = () => new TextDecoder().decode(body)
  return {
    status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body,
    text,
    json: () => JSON.parse(text()) as unknown,
  }
}
