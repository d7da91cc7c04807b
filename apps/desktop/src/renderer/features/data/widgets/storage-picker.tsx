import { useQuery } from '@tanstack/react-query'
import { ChevronRightIcon, FileIcon, FolderIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Dialog, DialogContent, DialogHeader } from '@/ui/dialog.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useStoredUrls } from './stored-files.ts'
import { isPicture } from './stored-names.ts'

interface StoragePickerProps {
  title: string
  /** Only what browsers draw. */
  picturesOnly?: boolean
  onChoose: (path: string) => void
  onClose: () => void
}

/** A file that is in the project's storage already. */
export function StoragePicker({ title, picturesOnly = false, onChoose, onClose }: StoragePickerProps) {
  const { t, i18n } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const [path, setPath] = useState('')
  const folder = useQuery(trpc.storage.list.queryOptions({ projectId: project.id, path }))
  const entries = (folder.data?.entries ?? []).filter(
    ({ kind, name }) => kind === 'folder' || !picturesOnly || isPicture(name),
  )
  const urls = useStoredUrls(entries.filter(({ name }) => isPicture(name)).map((entry) => entry.path))
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="grid-rows-[auto_auto_1fr] sm:h-[70dvh] sm:max-w-xl">
        <DialogHeader title={title} />
        <nav aria-label={t('record.folder')} className="flex flex-wrap items-center gap-0.5 text-xs">
          {['', ...ancestors(path)].map((at, index) => (
            <span key={at} className="flex items-center gap-0.5">
              {index > 0 ? <ChevronRightIcon className="size-3 text-muted-foreground" /> : null}
              <button
                type="button"
                onClick={() => setPath(at)}
                className="rounded-xs px-1 py-0.5 hover:bg-accent"
              >
                {at === '' ? t('record.storageRoot') : at.slice(at.lastIndexOf('/') + 1)}
              </button>
            </span>
          ))}
        </nav>
        <div className="min-h-40 overflow-y-auto rounded-md border">
          {folder.error ? (
            <ErrorState error={folder.error} className="m-3" onRetry={() => void folder.refetch()} />
          ) : null}
          {folder.isPending ? <SkeletonRows rows={4} /> : null}
          {folder.data && entries.length === 0 ? (
            <p className="p-6 text-center text-sm text-muted-foreground">{t('record.folderEmpty')}</p>
          ) : null}
          <ul>
            {entries.map((entry) => (
              <li key={entry.path}>
                <button
                  type="button"
                  onClick={() => (entry.kind === 'folder' ? setPath(entry.path) : onChoose(entry.path))}
                  className="flex h-9 w-full items-center gap-2 px-3 text-left text-sm hover:bg-accent focus-visible:bg-accent focus-visible:outline-none"
                >
                  {entry.kind === 'folder' ? (
                    <FolderIcon className="size-4 shrink-0 text-muted-foreground" />
                  ) : urls.get(entry.path) ? (
                    <img
                      src={urls.get(entry.path)}
                      alt=""
                      loading="lazy"
                      className="size-6 shrink-0 rounded-xs object-cover"
                    />
                  ) : (
                    <FileIcon className="size-4 shrink-0 text-muted-foreground" />
                  )}
                  <span className="min-w-0 flex-1 truncate">{entry.name}</span>
                  {entry.kind === 'file' ? (
                    <span className="text-xs text-muted-foreground tabular">
                      {formatBytes(entry.sizeBytes, i18n.language)}
                    </span>
                  ) : null}
                </button>
              </li>
            ))}
          </ul>
        </div>
      </DialogContent>
    </Dialog>
  )
}

function ancestors(path: string): string[] {
  if (path === '') return []
  const names = path.split('/')
  return names.map((_, index) => names.slice(0, index + 1).join('/'))
}
