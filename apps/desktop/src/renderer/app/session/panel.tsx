import { QueryClientProvider, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { type Connection, urlOf } from '../connection/connection.ts'
import { createKnownProcedures, type KnownProcedures } from '../connection/known-procedures.ts'
import { createReachMonitor, type ReachMonitor } from '../connection/reach.ts'
import { onWake } from '../connection/wake.ts'
import { createPanelClient, type PanelClient } from '../trpc/client.ts'
import { createQueryClient } from '../trpc/query-client.ts'
import { TRPCProvider, useTRPC, type Outputs } from '../trpc/trpc.ts'

export type Me = Outputs['auth']['me']

interface Panel {
  connection: Connection
  reach: ReachMonitor
  known: KnownProcedures
  api: PanelClient
  queryClient: QueryClient
}

const PanelContext = createContext<Panel | null>(null)

/** The agent this page speaks with. */
export function usePanel(): Panel {
  const panel = use(PanelContext)
  if (!panel) throw new Error('usePanel outside of PanelProvider')
  return panel
}

/** Whether its agent can be reached; `null` on a page that speaks with none. */
export function usePanelReach(): ReachMonitor | null {
  return use(PanelContext)?.reach ?? null
}

/** Everything that belongs to one agent: connection, client, cache. Another agent is another provider. */
export function PanelProvider({ connection, children }: { connection: Connection; children: ReactNode }) {
  const panel = useMemo((): Panel => {
    const reach = createReachMonitor(() => health(connection))
    const known = createKnownProcedures()
    const api = createPanelClient(connection, { reach, known })
    return { connection, reach, known, api, queryClient: createQueryClient() }
  }, [connection])

  // What was missed while the agent was away is fetched as soon as it is back.
  useEffect(() => {
    let wasAway = false
    return panel.reach.subscribe(() => {
      const isBack = panel.reach.current() === 'online'
      if (isBack && wasAway) void panel.queryClient.invalidateQueries()
      wasAway = !isBack
    }) as () => void
  }, [panel])

  // A laptop that slept does not know yet whether its socket is alive, nor what it missed.
  useEffect(
    () =>
      onWake(() => {
        panel.api.checkSocket()
        panel.reach.askNow()
        void panel.queryClient.invalidateQueries()
      }),
    [panel],
  )

  // Who comes to a page that waits for the agent does not wait for its next question; hidden pages ask seldom.
  useEffect(() => {
    const ask = () => document.visibilityState === 'visible' && panel.reach.askNow()
    document.addEventListener('visibilitychange', ask)
    return () => document.removeEventListener('visibilitychange', ask)
  }, [panel])

  return (
    <PanelContext value={panel}>
      <QueryClientProvider client={panel.queryClient}>
        <TRPCProvider trpcClient={panel.api.client} queryClient={panel.queryClient}>
          {children}
        </TRPCProvider>
      </QueryClientProvider>
    </PanelContext>
  )
}

/** An agent that needs longer for `/health` is as good as away. */
const HEALTH_TIMEOUT_MS = 5_000

async function health(connection: Connection): Promise<void> {
  const response = await fetch(urlOf(connection, '/health'), {
    credentials: 'omit',
    cache: 'no-store',
    signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`health answered ${response.status}`)
}

export type SessionState =
  | { state: 'opening' }
  | { state: 'unreachable'; error: unknown; retry: () => void }
  | { state: 'signed-out' }
  | { state: 'signed-in' }

/** Whether somebody is signed in; follows what happens in other windows. */
export function useSession(): SessionState {
  const { connection, api, reach } = usePanel()
  const queryClient = useQueryClient()
  const [session, setSession] = useState<SessionState>({ state: 'opening' })
  const [attempt, setAttempt] = useState(0)

  // Who is signed in is asked again as soon as the agent answers anything.
  const isUnreachable = session.state === 'unreachable'
  useEffect(() => {
    if (!isUnreachable) return
    reach.lost()
    return reach.subscribe(() => reach.current() === 'online' && setAttempt((n) => n + 1)) as () => void
  }, [isUnreachable, reach])

  useEffect(() => {
    let isCurrent = true
    const set = (next: SessionState) => isCurrent && setSession(next)
    connection.session.accessToken().then(
      (token) => set({ state: token ? 'signed-in' : 'signed-out' }),
      (error: unknown) => set({ state: 'unreachable', error, retry: () => setAttempt((n) => n + 1) }),
    )
    const stop = connection.session.onChange((signedIn) => {
      if (!signedIn) api.close()
      queryClient.clear()
      set({ state: signedIn ? 'signed-in' : 'signed-out' })
    })
    return () => {
      isCurrent = false
      stop()
    }
  }, [connection, api, queryClient, attempt])

  return session
}

/** The operator who is signed in; `undefined` for the moment until it is known. */
export function useMe(): Me | undefined {
  const trpc = useTRPC()
  return useQuery(trpc.auth.me.queryOptions(undefined, { staleTime: 60_000 })).data
}
