import type { StoredEntry } from '@m3m/core/client'
import { toastError } from '@/app/errors/toast-error.ts'
import { openDownload } from '@/app/files/use-file-download.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPCClient } from '@/app/trpc/trpc.ts'
import { folderOf } from './entries.ts'

/** Saves one file as it is, several files or a folder as one zip; what goes wrong is told in a toast. */
export function useDownload(projectId: string) {
  const client = useTRPCClient()
  const { connection } = usePanel()

  return async (entries: readonly StoredEntry[]): Promise<void> => {
    const [first] = entries
    if (!first) return
    const paths = entries.map(({ path }) => path)
    try {
      if (entries.length === 1 && first.kind === 'file') {
        const { urls } = await client.storage.ticket.mutate({ projectId, paths })
        return await openDownload(connection, `${urls[0]}&download`, first.name)
      }
      const { url } = await client.storage.archive.mutate({ projectId, paths })
      await openDownload(connection, url, `${archiveName(entries, first)}.zip`)
    } catch (error) {
      toastError(error)
    }
  }
}

/** A zip is named for the one thing in it, else for the folder the things stand in. */
function archiveName(entries: readonly StoredEntry[], first: StoredEntry): string {
  if (entries.length === 1) return first.name
  return folderOf(first.path).split('/').at(-1) || 'storage'
}
