import type { AppRouter } from '@m3m/core/client'
import { createTRPCClient, createWSClient, httpBatchLink, httpLink, splitLink, wsLink } from '@trpc/client'
import type { TRPCClient, TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { type Connection, socketUrlOf, urlOf } from '../connection/connection.ts'
import { backoffMs } from '../connection/backoff.ts'
import { type KnownProcedures, refusingUnknown } from '../connection/known-procedures.ts'
import type { ReachMonitor } from '../connection/reach.ts'
import { isNetworkFailure } from '../errors/describe-error.ts'

/** Closed this long after the last subscription ended; a page change does not need a new handshake. */
const SOCKET_IDLE_MS = 15_000
/** The agent restarts in about a second; while it is away for long, `reach` says so and asks by itself. */
const RETRY = { firstMs: 300, lastMs: 5_000 }
/** After sleep: a socket that is alive answers a ping within this. */
const STALE_AFTER_MS = 4_000
/** How a socket ends that did not end in order: broken, going away, restart, server error (IANA close codes). */
const BROKEN = new Set([1001, 1006, 1011, 1012, 1013])
/** The agent's limit is 16 MiB; a batch of saves stays far below it. */
const BATCH_MAX = 30
/** Longer addresses would pass the limits of proxies on the way. */
const URL_MAX = 4_000
/** Characters of a query that still fits {@link URL_MAX} when each is written as up to three, and in Russian six. */
const INPUT_MAX = 600

/** Context of a call that may take seconds: in a batch, all others would wait for it. */
export const ALONE = { alone: true } as const

export interface PanelClient {
  client: TRPCClient<AppRouter>
  /** Closes the socket: its token was somebody's who signed out. */
  close(): void
  /** Pings the socket and replaces it unless it answers: it may have died while the computer slept. */
  checkSocket(): void
}

/** Queries and mutations by HTTP in batches, subscriptions by one WebSocket, the token from the connection. */
export function createPanelClient(
  connection: Connection,
  { reach, known }: { reach: ReachMonitor; known: KnownProcedures },
): PanelClient {
  const { session } = connection
  const socket = createWSClient({
    url: () => socketUrlOf(connection, '/trpc'),
    connectionParams: async () => ({ token: (await session.accessToken()) ?? '' }),
    lazy: { enabled: true, closeMs: SOCKET_IDLE_MS },
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 10_000 },
    retryDelayMs: (attempt) => backoffMs(attempt, RETRY),
    onOpen: () => reach.heard(),
    onClose: (cause) => {
      if (BROKEN.has(cause?.code ?? 0)) reach.lost()
    },
  })
  /** Closed from our side it is opened again at once, with a new token, and every subscription on it goes on. */
  function replaceSocket(): void {
    socket.connection?.ws?.close()
  }

  function checkSocket(): void {
    const ws = socket.connection?.ws
    if (ws?.readyState !== WebSocket.OPEN) return
    const giveUp = setTimeout(() => ws.close(), STALE_AFTER_MS)
    ws.addEventListener('message', () => clearTimeout(giveUp), { once: true })
    // tRPC's own word for it; the agent answers PONG.
    ws.send('PING')
  }

  const http = {
    url: urlOf(connection, '/trpc'),
    headers: async () => authorization(await session.accessToken()),
  }
  const client = createTRPCClient<AppRouter>({
    links: [
      refusingUnknown(known),
      renewing(connection, replaceSocket),
      reporting(reach),
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: wsLink<AppRouter>({ client: socket }),
        false: splitLink({
          condition: ({ context }) => context['alone'] === true,
          true: httpLink<AppRouter>({ ...http, methodOverride: 'POST' }),
          false: splitLink({
            // A long filter or a list of ids has no room in an address.
            condition: ({ type, input }) =>
              type === 'query' && JSON.stringify(input ?? '').length > INPUT_MAX,
            true: httpBatchLink<AppRouter>({ ...http, maxItems: BATCH_MAX, methodOverride: 'POST' }),
            false: httpBatchLink<AppRouter>({ ...http, maxItems: BATCH_MAX, maxURLLength: URL_MAX }),
          }),
        }),
      }),
    ],
  })
  return { client, close: () => void socket.close(), checkSocket }
}

const authorization = (token: string | null): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

/**
 * A 401 on a token whose time is not over (a restart with a new secret, a clock that is off): one new token, one more
 * try. A socket keeps the token it was opened with, so for a subscription it is replaced.
 */
function renewing({ session }: Connection, replaceSocket: () => void): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let running: Unsubscribable | undefined
        let ended = false
        const attempt = (isLast: boolean) => {
          running = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (error) => {
              if (isLast || error.data?.code !== 'UNAUTHORIZED') return observer.error(error)
              session.accessToken({ renew: true }).then(
                (token) => {
                  if (!token || ended) return observer.error(error)
                  if (op.type === 'subscription') replaceSocket()
                  attempt(true)
                },
                () => observer.error(error),
              )
            },
          })
        }
        attempt(false)
        return () => {
          ended = true
          running?.unsubscribe()
        }
      })
}

function reporting(reach: ReachMonitor): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) =>
        next(op).subscribe({
          next: (value) => {
            // The socket also tells of itself, that it is connecting for example; the agent has said nothing then.
            if (value.result.type !== 'state') reach.heard()
            observer.next(value)
          },
          complete: () => observer.complete(),
          error: (error) => {
            if (isNetworkFailure(error)) reach.lost()
            // A refusal is an answer.
            else if (error.data) reach.heard()
            observer.error(error)
          },
        }),
      )
}
