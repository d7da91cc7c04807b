/** Addresses of services, as agent.info describes them. Pure. */

interface Services {
  /** Set by the operator: a proxy in front of the services' port. */
  uri: string | null
  /** Their own port on the panel's host. */
  port: number | null
}

export const panelUrl = (panelBase: string, slug: string): string => `${panelBase}/r/${slug}/`

export function servicesUrl(services: Services, panelBase: string, slug: string): string {
  if (services.uri !== null) return `${services.uri.replace(/\/+$/, '')}/r/${slug}/`
  if (services.port === null) return panelUrl(panelBase, slug)
  const url = new URL(panelBase)
  url.port = String(services.port)
  return panelUrl(url.origin, slug)
}
