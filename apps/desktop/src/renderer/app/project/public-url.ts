import { useQuery } from '@tanstack/react-query'
import { usePanel } from '../session/panel.tsx'
import { useTRPC } from '../trpc/trpc.ts'
import { panelUrl, servicesUrl } from './service-address.ts'

/** Where the service of a project answers: on the services' own origin, where there is one. */
export function usePublicUrl(slug: string): string {
  const base = usePanelBase()
  const trpc = useTRPC()
  const services = useQuery(trpc.agent.info.queryOptions(undefined, { staleTime: Infinity })).data?.services
  return services ? servicesUrl(services, base, slug) : panelUrl(base, slug)
}

/** The same under the panel's own origin: what this page itself may fetch from. */
export function usePanelUrl(slug: string): string {
  return panelUrl(usePanelBase(), slug)
}

function usePanelBase(): string {
  const { connection } = usePanel()
  return connection.baseUrl || location.origin
}
