import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'
import { folderOf, freeName, joined } from './entries.ts'
import { useDownload } from './use-download.ts'

/** What can be done to files; each shows its end on the page, and what went wrong in a toast. */
export function useFolderActions(projectId: string) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
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

  return {
    refresh,
    remove,
    transfer,
    download: useDownload(projectId),
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
