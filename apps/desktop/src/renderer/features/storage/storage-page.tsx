import type { StoredEntry } from '@m3m/core/client'
import { FolderOpenIcon, SearchXIcon, UploadIcon } from 'lucide-react'
import { useEffect, useMemo, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { droppedFiles, type LocalFile } from './dropped-files.ts'
import { joined, nextSort } from './entries.ts'
import { EntryMenu, type EntryAction } from './entry-menu.tsx'
import { EntryView } from './entry-view.tsx'
import { keyAction, type Held } from './storage-keys.ts'
import { Panes } from './panes.tsx'
import { PathBar } from './path-bar.tsx'
import { StorageFoot } from './selection-bar.tsx'
import { StorageDialogs, type Asked } from './storage-dialogs.tsx'
import { StorageToolbar } from './storage-toolbar.tsx'
import { UploadChoices } from './upload-buttons.tsx'
import { UploadDrawer } from './upload-drawer.tsx'
import { uploadQueueOf } from './upload-queue.ts'
import { useFolderActions } from './use-folder-actions.ts'
import { useStoragePage, type PageState } from './use-storage-page.ts'

/** What the page does, whoever asks for it: a key, a menu, a button or a drop. */
function useStorageWork() {
  const { t } = useTranslation()
  const page = useStoragePage()
  const { projectId, mayWrite, path, selection } = page
  const actions = useFolderActions(projectId)
  const { connection } = usePanel()
  const queue = uploadQueueOf(connection)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [held, setHeld] = useState<Held | null>(null)
  useArrivals(queue, projectId, actions.refresh)

  const upload = (files: LocalFile[]): void => {
    if (files.length === 0) toast.message(t('storage.uploads.empty'))
    else
      queue.add(
        projectId,
        files.map((each) => ({ ...each, path: joined(path, each.path) })),
      )
  }
  const paste = () => {
    if (!held) return
    if (held.mode === 'move') setHeld(null)
    void actions.transfer(held.mode, held.paths, path).catch(toastError)
  }
  const onMany = (action: 'download' | 'move' | 'copy' | 'remove', entries: readonly StoredEntry[]) => {
    if (action === 'download') void actions.download(entries)
    else setAsked({ kind: action, entries })
  }
  return {
    page,
    actions,
    queue,
    asked,
    setAsked,
    held,
    upload,
    paste,
    onMany,
    onEntry(action: EntryAction, entry: StoredEntry) {
      if (action === 'open') page.openEntry(entry)
      else if (action === 'rename' || action === 'link') setAsked({ kind: action, entry })
      else onMany(action, selection.paths.has(entry.path) ? selection.entries : [entry])
    },
    moveInto: (folder: string) =>
      void actions.transfer('move', [...selection.paths], folder).catch(toastError),
    onKeyDown(event: KeyboardEvent) {
      const run = keyAction(event, { page, mayWrite, held, setHeld, setAsked, paste })
      if (!run) return
      event.preventDefault()
      run()
    },
  }
}

/** Files of the project: a list or tiles, a pane for the open one, uploads by dropping anywhere. */
export function StoragePage() {
  const { t } = useTranslation()
  const work = useStorageWork()
  const { page, actions, asked, setAsked } = work
  const { path, mayWrite } = page
  const [isGrid, setGrid] = useStoredState<boolean>('storage.grid', false)
  const drop = useDrop(mayWrite, work.upload)
  return (
    <div className="relative flex h-full min-h-0 flex-col" {...drop.handlers}>
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-3 py-1.5">
        <h1 className="sr-only">{t('storage.title')}</h1>
        <PathBar path={path} onGo={page.go} onDropInto={work.moveInto} />
        <StorageToolbar
          query={page.query}
          isGrid={isGrid}
          mayWrite={mayWrite}
          onQuery={(text) => page.set({ q: text === '' ? undefined : text }, true)}
          onGrid={setGrid}
          onLinks={() => setAsked({ kind: 'links' })}
          onNew={(kind) => setAsked({ kind })}
          onUpload={work.upload}
        />
      </header>
      <Panes
        page={page}
        list={<Files work={work} isGrid={isGrid} />}
        onDownload={(entry) => void actions.download([entry])}
        onAsk={setAsked}
        onSaved={() => void actions.refresh()}
      />
      <UploadDrawer queue={work.queue} />
      {drop.isOver ? (
        <div className="pointer-events-none absolute inset-2 z-40 grid place-items-center rounded-lg border-2 border-dashed border-ring bg-background/85">
          <p className="flex items-center gap-2 text-base font-medium">
            <UploadIcon className="size-5" /> {t('storage.drop', { folder: path || t('storage.root') })}
          </p>
        </div>
      ) : null}
      {asked ? (
        <StorageDialogs
          asked={asked}
          projectId={page.projectId}
          path={path}
          mayWrite={mayWrite}
          actions={actions}
          onMade={(made) => page.set({ open: made })}
          onRemoved={page.selection.clear}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </div>
  )
}

function Files({ work, isGrid }: { work: ReturnType<typeof useStorageWork>; isGrid: boolean }) {
  const { page, held, onEntry } = work
  const { projectId, mayWrite, path, query, selection, shown, folder } = page
  const cutPaths = useMemo(() => new Set(held?.mode === 'move' ? held.paths : []), [held])
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <Body page={page} onUpload={work.upload}>
        <EntryView
          key={path}
          projectId={projectId}
          entries={shown}
          isGrid={isGrid}
          showsFolder={query !== ''}
          selection={selection}
          sort={page.sort}
          cutPaths={cutPaths}
          mayWrite={mayWrite}
          onSort={(column) => page.set({ sort: nextSort(page.sort, column) }, true)}
          onOpen={page.openEntry}
          onDropInto={work.moveInto}
          onKeyDown={work.onKeyDown}
          menuOf={(entry) => <EntryMenu entry={entry} mayWrite={mayWrite} onAction={onEntry} />}
        />
      </Body>
      {folder.data ? (
        <StorageFoot
          shown={shown}
          usedBytes={folder.data.usedBytes}
          quotaBytes={folder.data.quotaBytes}
          selected={selection.entries}
          mayWrite={mayWrite}
          held={mayWrite ? (held?.paths.length ?? 0) : 0}
          onPaste={work.paste}
          onClear={selection.clear}
          onAction={(action) => work.onMany(action, selection.entries)}
        />
      ) : null}
    </div>
  )
}

interface BodyProps {
  page: PageState
  onUpload: (files: LocalFile[]) => void
  children: ReactNode
}

/** The list, or why there is none. */
function Body({ page, onUpload, children }: BodyProps) {
  const { t } = useTranslation()
  const { folder, found, query, shown, mayWrite, path } = page
  const asked = query === '' ? folder : found
  if (asked.error)
    return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} className="m-3" />
  if (!asked.data)
    return (
      <div className="flex-1">
        <SkeletonRows rows={8} />
      </div>
    )
  if (shown.length > 0) return children
  if (query !== '')
    return (
      <EmptyState icon={<SearchXIcon />} title={t('storage.nothingFound')} className="flex-1 justify-center">
        {t('storage.nothingFoundHint')}
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<FolderOpenIcon />}
      title={t('storage.empty')}
      action={mayWrite ? <UploadChoices onUpload={onUpload} /> : null}
      className="flex-1 justify-center"
    >
      {mayWrite ? t('storage.emptyHint', { path: joined(path, 'report.csv') }) : t('storage.emptyViewer')}
    </EmptyState>
  )
}

/** Files of the desktop over the page. What is dragged inside of the page is none. */
function useDrop(isOn: boolean, onFiles: (files: LocalFile[]) => void) {
  const [depth, setDepth] = useState(0)
  const hasFiles = (event: DragEvent) => isOn && event.dataTransfer.types.includes('Files')
  return {
    isOver: depth > 0,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (hasFiles(event)) setDepth((n) => n + 1)
      },
      onDragOver: (event: DragEvent) => {
        if (hasFiles(event)) event.preventDefault()
      },
      onDragLeave: (event: DragEvent) => {
        if (hasFiles(event)) setDepth((n) => Math.max(0, n - 1))
      },
      onDrop: (event: DragEvent) => {
        setDepth(0)
        if (!hasFiles(event)) return
        event.preventDefault()
        droppedFiles(event.dataTransfer).then(onFiles, toastError)
      },
    },
  }
}

const REFRESH_AFTER_MS = 400

/** The list follows what arrives, but not each of a thousand small files at once. */
function useArrivals(
  queue: ReturnType<typeof uploadQueueOf>,
  projectId: string,
  refresh: () => Promise<unknown>,
) {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = queue.onArrived((arrivedIn) => {
      if (arrivedIn !== projectId) return
      timer ??= setTimeout(() => {
        timer = undefined
        void refresh()
      }, REFRESH_AFTER_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [queue, projectId, refresh])
}
