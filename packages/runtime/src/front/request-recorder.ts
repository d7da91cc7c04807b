// The last requests of each project, kept in memory to be looked at: what came in, what went out.
import { Buffer } from 'node:buffer'
import { newId, systemClock, type Clock } from '@m3m/base'
import type { AgentRun } from '../supervisor/agent-run.ts'
import type { RunSource } from '../supervisor/supervisor.port.ts'

/** The beginning of a body; `totalBytes` may be more than there are. */
export interface RecordedBody {
  readonly bytes: Buffer
  readonly totalBytes: number
}

/** One request of a service that is over, however it ended. */
export interface RecordedRequest {
  readonly id: string
  /** When it came, Unix milliseconds. */
  readonly atMs: number
  readonly runId: string
  readonly source: RunSource
  readonly method: string
  /** Path and query as the service saw them. */
  readonly url: string
  readonly ip: string
  /** The pattern that answered it, `/users/:id`; null when none did. */
  readonly route: string | null
  /** 499: the client left before the answer was whole. */
  readonly status: number
  readonly ms: number
  /** Names and values in turn, without the panel's cookies. */
  readonly requestHeaders: readonly string[]
  readonly requestBody: RecordedBody
  /** Likewise; empty when none were sent, and of a file that is served from the storage. */
  readonly responseHeaders: readonly string[]
  /** Nothing of such a file. */
  readonly responseBody: RecordedBody
}

/** One request while it is under way. */
export interface Recording {
  received(bytes: Buffer): void
  head(headers: readonly string[]): void
  sent(body: string | Buffer): void
  end(how: { route: number; status: number; ms: number }): void
}

export interface RequestRecorder {
  /** Null: this one is not recorded, because enough were in this second or the project keeps none. */
  begin(
    run: AgentRun,
    request: { method: string; url: string; ip: string; headers: readonly string[] },
  ): Recording | null
  /** The newest first. */
  list(projectId: string): RecordedRequest[]
  get(projectId: string, id: string): RecordedRequest | null
  forget(projectId: string): void
  /** Hears of each that is over, until the function it gives back is called. */
  listen(hear: (projectId: string, request: RecordedRequest) => void): () => void
}

/** Of each body. What people look at is shorter; a thumbnail is not looked at as bytes. */
const BODY_BYTES = 16 * 1024
/** Of all that is kept of a project, heads and bodies: 50 services cost 25 MB at most. */
const PROJECT_BYTES = 512 * 1024
/** Beyond so many a second a service is not debugged by single requests, and copies would cost it throughput. */
const PER_SECOND = 20

const NOTHING = Buffer.alloc(0)

export function createRequestRecorder({ clock = systemClock }: { clock?: Clock } = {}): RequestRecorder {
  const rings = new Map<string, Ring>()
  const listeners = new Set<(projectId: string, request: RecordedRequest) => void>()
  const ringOf = (projectId: string): Ring => {
    const there = rings.get(projectId)
    if (there) return there
    const ring = new Ring()
    rings.set(projectId, ring)
    return ring
  }
  return {
    begin({ runId, spec, counters }, { method, url, ip, headers }) {
      const { projectId, source, limits } = spec
      const now = clock.now()
      if (limits.requestsKept === 0 || !ringOf(projectId).admits(now)) return null
      const requestBody = new BodyHead()
      const responseBody = new BodyHead()
      let responseHeaders: readonly string[] = []
      return {
        received: (bytes) => requestBody.add(bytes),
        head: (sent) => void (responseHeaders = sent),
        sent: (body) => responseBody.add(body),
        end({ route, status, ms }) {
          const request: RecordedRequest = {
            id: newId(now),
            ...{ atMs: now, runId, source, method, url, ip, status, ms },
            route: counters.patternOf(route),
            requestHeaders: headers,
            requestBody: requestBody.whole(),
            responseHeaders,
            responseBody: responseBody.whole(),
          }
          ringOf(projectId).add(request, limits.requestsKept)
          for (const hear of listeners) hear(projectId, request)
        },
      }
    },
    list: (projectId) => rings.get(projectId)?.requests.toReversed() ?? [],
    get: (projectId, id) => rings.get(projectId)?.requests.find((request) => request.id === id) ?? null,
    forget: (projectId) => void rings.delete(projectId),
    listen(hear) {
      listeners.add(hear)
      return () => void listeners.delete(hear)
    },
  }
}

/** The first bytes of a body, and how long it was. */
class BodyHead {
  #parts: Buffer[] = []
  #kept = 0
  #total = 0

  add(body: string | Buffer): void {
    const room = BODY_BYTES - this.#kept
    // Of a long text only what is kept is encoded; a character has at most three bytes for each of its units.
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
    this.#total += length
    if (room <= 0 || length === 0) return
    const head = typeof body === 'string' ? Buffer.from(body.slice(0, room)) : body
    // A copy: a slice would hold the whole read buffer of its socket.
    const part = Buffer.from(head.subarray(0, room))
    this.#parts.push(part)
    this.#kept += part.length
  }

  whole(): RecordedBody {
    const bytes = this.#parts.length === 0 ? NOTHING : Buffer.concat(this.#parts)
    return { bytes, totalBytes: this.#total }
  }
}

/** The requests of one project, the oldest first. */
class Ring {
  requests: RecordedRequest[] = []
  #bytes = 0
  #second = 0
  #inSecond = 0

  admits(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#second) [this.#second, this.#inSecond] = [second, 0]
    return this.#inSecond++ < PER_SECOND
  }

  add(request: RecordedRequest, most: number): void {
    this.requests.push(request)
    this.#bytes += sizeOf(request)
    while (this.requests.length > most || (this.#bytes > PROJECT_BYTES && this.requests.length > 1))
      this.#bytes -= sizeOf(this.requests.shift()!)
  }
}

function sizeOf({
  url,
  requestHeaders,
  requestBody,
  responseHeaders,
  responseBody,
}: RecordedRequest): number {
  const heads = [url, ...requestHeaders, ...responseHeaders].reduce((sum, text) => sum + text.length, 0)
  return heads + requestBody.bytes.length + responseBody.bytes.length
}
