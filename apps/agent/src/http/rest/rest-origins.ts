import type { Core } from '@m3m/core'
import type { Peer } from '../peer.ts'

const OF_PROJECT = /^\/api\/v1\/projects\/([a-z0-9-]{1,63})\//

/**
 * The origin that a page of somebody else may read an answer by, or `null`: the project in the path names it in
 * its settings. Such a page shows a key of the project as any program does; cookies are never read here.
 */
export async function restOrigin(
  { services }: Core,
  url: string,
  { origin }: Pick<Peer, 'origin'>,
): Promise<string | null> {
  const slug = OF_PROJECT.exec(url)?.[1]
  if (slug === undefined || origin === undefined) return null
  const project = await services.projects.findBySlug(slug)
  const allowed = project?.settings.api.corsOrigins ?? []
  return allowed.includes('*') || allowed.includes(origin) ? origin : null
}
