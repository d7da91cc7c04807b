import { usePanel } from '../session/panel.tsx'

/** Where the service of a project answers. */
export function usePublicUrl(slug: string): string {
  const { connection } = usePanel()
  return `${connection.baseUrl || location.origin}/r/${slug}/`
}
