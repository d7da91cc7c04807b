import type { StoredEntry } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { createStoredFiles } from '@/app/files/stored-files.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { saveFile } from '@/ui/save-file.ts'
import { toast } from '@/ui/toaster.tsx'
import { folderOf, freeName, joined } from './entries.ts'

/** What can be done to files; each shows its end on the page, and what went wrong in a toast. */
export function useFolderActions(projectId: string) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const { connection } = usePanel()
  const refresh = useMemo(
    () => () =>
      Promise.all([
        queryClient.invalidateQueries(trpc.storage.list.queryFilter({ projectId })),
        queryClient.invalidateQueries(trpc.storage.search.queryFilter({ projectId })),
        queryClient.invalidateQueries(trpc.storage.stat.queryFilter({ projectId })),
      ]),
    [queryClient, trpc, projectId],
  )
  const remove = useMutation(
    trpc.storage.remove.mutationOptions({
      onSuccess: (_done, { paths }) => toast.success(t('storage.removed', { count: paths.length })),
      onSettled: refresh,
    }),
  )

  async function transfer(mode: 'move' | 'copy', paths: readonly string[], folder: string): Promise<void> {
    // A folder that is not there yet has no names; making it is the move's own work.
    const there = await client.storage.list.query({ projectId, path: folder }).catch(() => ({ entries: [] }))
    const taken = new Set(there.entries.map(({ name }) => name))
    try {
      for (const path of paths) {
        const name = path.slice(path.lastIndexOf('/') + 1)
        const isHere = folderOf(path) === folder
        if (mode === 'move' && isHere) continue
        const to = joined(folder, mode === 'copy' ? freeName(name, taken) : name)
        taken.add(to.slice(to.lastIndexOf('/') + 1))
        await client.storage[mode].mutate({ projectId, path, to })
      }
      toast.success(t(mode === 'move' ? 'storage.moved' : 'storage.copied'))
    } finally {
      await refresh()
    }
  }

  /** Browsers stream it to disk by a ticket; in the desktop app the page fetches and the shell saves. */
  async function fetchUrl(url: string, name: string): Promise<void> {
    if (connection.kind === 'desktop') {
      const response = await createStoredFiles(connection).fetch(connection.baseUrl + url)
      return saveFile(await response.blob(), name)
    }
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
  }

  return {
    refresh,
    remove,
    transfer,
    download: async (entries: readonly StoredEntry[]) => {
      try {
        const [first] = entries
        if (entries.length === 1 && first?.kind === 'file') {
          const { urls } = await client.storage.ticket.mutate({ projectId, paths: [first.path] })
          return await fetchUrl(`${urls[0]}&download`, first.name)
        }
        const { url } = await client.storage.archive.mutate({
          projectId,
          paths: entries.map(({ path }) => path),
        })
        const name =
          entries.length === 1
            ? first!.name
            : folderOf(first?.path ?? '')
                .split('/')
                .at(-1) || 'storage'
        await fetchUrl(url, `${name}.zip`)
      } catch (error) {
        toastError(error)
      }
    },
    makeFolder: async (path: string) => {
      await client.storage.mkdir.mutate({ projectId, path })
      await refresh()
    },
    makeFile: async (path: string) => {
      await client.storage.writeText.mutate({ projectId, path, content: '', etag: null })
      await refresh()
    },
    rename: async (path: string, name: string) => {
      await client.storage.rename.mutate({ projectId, path, name })
      await refresh()
    },
  }
}
