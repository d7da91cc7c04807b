// A `Response` of the web as an answer, and a handler in the form of `fetch` (WinterTC) as a route.
import { provided } from '../../sandbox/globals.ts'
import type { PendingRequest } from '../../sandbox/requests.ts'
import { webReply } from '../../sandbox/web/web-replies.ts'
import type { Context } from './context.sandbox.ts'
import { Reply } from './reply.sandbox.ts'
import { logOf, Outlet } from './streams.sandbox.ts'

type Log = (text: string, error: unknown) => void

/** The reply, or null for what is no `Response`. @throws TypeError when its body was read already */
export function asWebReply(value: unknown, log: Log): Reply | null {
  const web = webReply(value)
  if (!web) return null
  // Without a prototype: a header may be called `constructor`.
  const headers = Object.create(null) as Record<string, unknown[]>
  for (const [name, text] of web.headers) (headers[name] ??= []).push(text)
  const reply = new Reply(web.status, undefined, headers)
  if (web.body instanceof Uint8Array) {
    if (web.body.length > 0) reply.body = web.body
    reply.untyped = true
  } else if (web.body) {
    const stream = web.body as unknown as ReadableOfBytes
    reply.stream = { run: (request) => void pipe(request, stream, log) }
  }
  return reply
}

interface ReadableOfBytes {
  getReader(): {
    read(): Promise<{ done: boolean; value?: unknown }>
    cancel(reason?: unknown): Promise<void>
  }
}

/** Reads no faster than the client does, and stops when it is gone. */
async function pipe(request: PendingRequest, stream: ReadableOfBytes, log: Log): Promise<void> {
  const outlet = new Outlet(request)
  const reader = stream.getReader()
  outlet.signal.addEventListener('abort', () => void reader.cancel(outlet.signal.reason).catch(() => {}))
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || !(await outlet.write(value))) break
    }
    outlet.end()
  } catch (error) {
    outlet.end(true)
    logOf(request, log)(error)
    await reader.cancel(error).catch(() => {})
  }
}

/** What `export default` has in services written for workers. */
export interface FetchService {
  fetch(request: unknown, env: unknown, execution: ExecutionContext): unknown
}

interface ExecutionContext {
  waitUntil(promise: unknown): void
  passThroughOnException(): void
  readonly props: object
}

/** The handler of a route that a fetch service answers. */
export function handlerOf(service: FetchService, log: Log): (ctx: Context) => unknown {
  const env = provided('env') as { getAll(): object }
  const execution: ExecutionContext = {
    waitUntil: (promise) =>
      void Promise.resolve(promise).catch((error: unknown) => log('A promise of waitUntil failed', error)),
    passThroughOnException() {},
    props: {},
  }
  return (ctx) => service.fetch(ctx.request, env.getAll(), execution)
}
