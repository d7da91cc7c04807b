import type { AppRouter } from '@m3m/core/client'
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from '@trpc/client'
import type { TRPCClient, TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { type Connection, socketUrlOf, urlOf } from '../connection/connection.ts'
import type { ReachMonitor } from '../connection/reach.ts'
import { isNetworkFailure } from '../errors/describe-error.ts'

/** Closed this long after the last subscription ended; a page change does not need a new handshake. */
const SOCKET_IDLE_MS = 15_000
/** First, then doubled, at most: the agent restarts in about a second. */
const RETRY_FIRST_MS = 300
const RETRY_LAST_MS = 5_000
/** The agent's limit is 16 MiB; a batch of saves stays far below it. */
const BATCH_MAX = 30

export interface PanelClient {
  client: TRPCClient<AppRouter>
  /** Closes the socket: its token was somebody's who signed out. */
  close(): void
}

/** Queries and mutations by HTTP in batches, subscriptions by one WebSocket, the token from the connection. */
export function createPanelClient(connection: Connection, reach: ReachMonitor): PanelClient {
  const { session } = connection
  const socket = createWSClient({
    url: () => socketUrlOf(connection, '/trpc'),
    connectionParams: async () => ({ token: (await session.accessToken()) ?? '' }),
    lazy: { enabled: true, closeMs: SOCKET_IDLE_MS },
    keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 10_000 },
    retryDelayMs: (attempt) => Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_LAST_MS),
    onOpen: () => reach.heard(),
    onClose: (cause) => {
      // 1006 is a socket that broke; an orderly end has a code of its own.
      if (cause?.code === 1006 || cause?.code === 1001 || cause?.code === 1012) reach.lost()
    },
  })
  const client = createTRPCClient<AppRouter>({
    links: [
      renewing(connection),
      reporting(reach),
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: wsLink<AppRouter>({ client: socket }),
        false: httpBatchLink<AppRouter>({
          url: urlOf(connection, '/trpc'),
          maxItems: BATCH_MAX,
          // Longer ones would pass the limits of proxies on the way.
          maxURLLength: 4_000,
          headers: async () => authorization(await session.accessToken()),
        }),
      }),
    ],
  })
  return { client, close: () => void socket.close() }
}

const authorization = (token: string | null): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {}

/** A 401 on a token whose time is not over (a restart with a new secret, a clock that is off): one new token, one more try. */
function renewing({ session }: Connection): TRPCLink<AppRouter> {
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
                (token) => (token && !ended ? attempt(true) : observer.error(error)),
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
            reach.heard()
            observer.next(value)
          },
          complete: () => observer.complete(),
          error: (error) => {
            if (isNetworkFailure(error)) reach.lost()
            observer.error(error)
          },
        }),
      )
}
