import { hkdfSync } from 'node:crypto'
import { linkKeyOf } from '@m3m/data'

/** Keys by which services sign links to their files: one a project, all of the agent's secret. */
export function createFileLinkKeys(secret: string): (projectId: string) => Buffer {
  const root = Buffer.from(hkdfSync('sha256', secret, '', 'm3m file links', 32))
  return (projectId) => linkKeyOf(root, projectId)
}
