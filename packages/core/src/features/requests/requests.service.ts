import { createHub } from '../../hub.ts'
import type { RecordedBody, RecordedRequest, RequestRecorder } from './request-recorder.port.ts'
import { requestErrors } from './requests.errors.ts'
import { SECRET_HEADERS, type KeptBody, type KeptHeader } from './requests.schema.ts'
import type { KeptRequest, KeptRequestDetail } from './requests.schema.ts'

/** The last requests of a project's service and what it answered, for the person who looks for a fault. */
export interface RequestsService extends Disposable {
  /** The newest first. */
  list(projectId: string): KeptRequest[]
  /** @throws REQUEST_NOT_KEPT */
  get(projectId: string, requestId: string): KeptRequestDetail
  /** Each that is over, from now on. Of more than 32 that were not taken yet the oldest are left out. */
  watch(projectId: string, until: AbortSignal): AsyncGenerator<KeptRequest>
  clear(projectId: string): void
}

const MAX_URL_CHARS = 2_000

export function createRequests(recorder: RequestRecorder): RequestsService {
  const hubs = new Map<string, ReturnType<typeof createHub<KeptRequest>>>()
  const deafen = recorder.listen((projectId, request) => hubs.get(projectId)?.publish(lineOf(request)))
  return {
    list: (projectId) => recorder.list(projectId).map(lineOf),
    get(projectId, requestId) {
      const request = recorder.get(projectId, requestId)
      if (!request) throw requestErrors.REQUEST_NOT_KEPT({})
      return {
        ...lineOf(request),
        url: request.url,
        requestHeaders: headersOf(request.requestHeaders),
        requestBody: bodyOf(request.requestBody),
        responseHeaders: headersOf(request.responseHeaders),
        responseBody: bodyOf(request.responseBody),
      }
    },
    async *watch(projectId, until) {
      const hub = hubs.get(projectId) ?? createHub<KeptRequest>()
      hubs.set(projectId, hub)
      yield* hub.watch(until, async () => [])
    },
    clear: (projectId) => recorder.forget(projectId),
    [Symbol.dispose]() {
      deafen()
      for (const hub of hubs.values()) hub.close()
    },
  }
}

function lineOf(request: RecordedRequest): KeptRequest {
  const { id, atMs, runId, source, method, url, ip, route, status, ms } = request
  return {
    id,
    at: new Date(atMs).toISOString(),
    ...{ runId, source, method, ip, route, status },
    url: url.slice(0, MAX_URL_CHARS),
    ms: Number(ms.toFixed(2)),
    requestBytes: request.requestBody.totalBytes,
    responseBytes: request.responseBody.totalBytes,
  }
}

function headersOf(raw: readonly string[]): KeptHeader[] {
  const headers: KeptHeader[] = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    headers.push({ name, value: SECRET_HEADERS.has(name) ? null : raw[i + 1]! })
  }
  return headers
}

function bodyOf({ bytes, totalBytes }: RecordedBody): KeptBody {
  const isCut = bytes.length < totalBytes
  return { text: textOf(bytes, isCut), totalBytes, isCut }
}

/** Null for what is no UTF-8, or has characters that no text has. A character may be cut through at the end. */
function textOf(bytes: Uint8Array, isCut: boolean): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return null
  }
}
