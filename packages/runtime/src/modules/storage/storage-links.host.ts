import { Buffer } from 'node:buffer'
import { signedFileAddress, storageErrors } from '@m3m/data/storage'
import type { ProjectFiles } from '../../files/project-files.ts'
import type { HostCall, HostContext } from '../../module/define-module.ts'
import { storageRoomErrors } from './storage.errors.ts'

/** Addresses of files that the agent honours, signed with the project's own key. */
export function createLinks(
  { storage, path }: ProjectFiles,
  { settings, project, clock }: HostContext,
): Record<string, HostCall> {
  const address = (file: string, untilMs: number | null): string => {
    // A run that was not told where the agent answers (a test) still makes the link's own part.
    const { base = '', key = '' } = (settings['fileLinks'] ?? {}) as { base?: string; key?: string }
    const signed = { projectId: project.id, path: file }
    return `${base}${signedFileAddress(Buffer.from(key, 'base64url'), signed, untilMs)}`
  }
  return {
    async url([value, forMs]) {
      const file = path(value)
      const entry = await storage.stat(file)
      if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path: file })
      if (entry.kind !== 'file') throw storageErrors.STORAGE_KIND({ path: file, wanted: 'file' })
      if (forMs !== null && !(Number(forMs) > 0))
        throw storageRoomErrors.STORAGE_EXPIRY_INVALID({ expires: String(forMs) })
      return address(file, forMs === null ? null : clock.now() + Number(forMs))
    },
    getUrl: ([value]) => address(path(value), null),
  }
}
