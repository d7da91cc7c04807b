import type { StoredEntry } from '@m3m/core/client'
import { FolderOpenIcon, SearchXIcon, UploadIcon } from 'lucide-react'
import { useEffect, useMemo, useState, type DragEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { ResizeHandle } from '@/ui/resizable.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { useMedia } from '@/ui/use-media.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { droppedFiles, type LocalFile } from './dropped-files.ts'
import { joined, nextSort } from './entries.ts'
import { EntryMenu, type EntryAction } from './entry-menu.tsx'
import { EntryView } from './entry-view.tsx'
import { PathBar } from './path-bar.tsx'
import { PreviewPane } from './preview-pane.tsx'
import { StorageFoot } from './selection-bar.tsx'
import { StorageDialogs, type Asked } from './storage-dialogs.tsx'
import { StorageToolbar } from './storage-toolbar.tsx'
import { UploadDrawer } from './upload-drawer.tsx'
import { uploadQueueOf } from './upload-queue.ts'
import { useFolderActions } from './use-folder-actions.ts'
import { useStoragePage } from './use-storage-page.ts'

interface Held {
  mode: 'move' | 'copy'
  paths: string[]
}

/** Files of the project: a list or tiles, a pane for the open one, uploads by dropping anywhere. */
export function StoragePage() {
  const { t } = useTranslation()
  const page = useStoragePage()
  const { projectId, mayWrite, path, query, selection, shown } = page
  const actions = useFolderActions(projectId)
  const { connection } = usePanel()
  const queue = uploadQueueOf(connection)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [held, setHeld] = useState<Held | null>(null)
  const [isGrid, setGrid] = useStoredState<boolean>('storage.grid', false)
  useArrivals(queue, projectId, actions.refresh)

  const upload = (files: LocalFile[]) => {
    if (files.length === 0) return void toast.message(t('storage.uploads.empty'))
    queue.add(
      projectId,
      files.map((each) => ({ ...each, path: joined(path, each.path) })),
    )
  }
  const drop = useDrop(mayWrite, upload)
  const move = (paths: Iterable<string>, folder: string) =>
    void actions.transfer('move', [...paths], folder).catch(toastError)
  const paste = () => {
    if (!held) return
    if (held.mode === 'move') setHeld(null)
    void actions.transfer(held.mode, held.paths, path).catch(toastError)
  }
  const act = (action: EntryAction, entry: StoredEntry) => {
    const entries = selection.paths.has(entry.path) ? selection.entries : [entry]
    if (action === 'open') page.openEntry(entry)
    else if (action === 'download') void actions.download(entries)
    else if (action === 'rename' || action === 'link') setAsked({ kind: action, entry })
    else setAsked({ kind: action, entries })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const run = keyAction(event, { page, mayWrite, held, setHeld, setAsked, paste })
    if (!run) return
    event.preventDefault()
    run()
  }
  const cutPaths = useMemo(() => new Set(held?.mode === 'move' ? held.paths : []), [held])
  const list = (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <Body page={page}>
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
          onDropInto={(folder) => move(selection.paths, folder)}
          onKeyDown={onKeyDown}
          menuOf={(entry) => <EntryMenu entry={entry} mayWrite={mayWrite} onAction={act} />}
        />
      </Body>
      {page.folder.data ? (
        <StorageFoot
          count={shown.filter(({ kind }) => kind === 'file').length}
          usedBytes={page.folder.data.usedBytes}
          quotaBytes={page.folder.data.quotaBytes}
          selected={selection.entries}
          mayWrite={mayWrite}
          held={mayWrite ? (held?.paths.length ?? 0) : 0}
          onPaste={paste}
          onClear={selection.clear}
          onAction={(action) => {
            if (action === 'download') void actions.download(selection.entries)
            else setAsked({ kind: action, entries: selection.entries })
          }}
        />
      ) : null}
    </div>
  )
  return (
    <div className="relative flex h-full min-h-0 flex-col" {...drop.handlers}>
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-3 py-1.5">
        <h1 className="sr-only">{t('storage.title')}</h1>
        <PathBar path={path} onGo={page.go} onDropInto={(folder) => move(selection.paths, folder)} />
        <StorageToolbar
          query={query}
          isGrid={isGrid}
          mayWrite={mayWrite}
          onQuery={(text) => page.set({ q: text === '' ? undefined : text }, true)}
          onGrid={setGrid}
          onLinks={() => setAsked({ kind: 'links' })}
          onNew={(kind) => setAsked({ kind })}
          onUpload={upload}
        />
      </header>
      <Panes page={page} list={list} onDownload={(entry) => void actions.download([entry])} onAsk={setAsked} onSaved={() => void actions.refresh()} />
      <UploadDrawer queue={queue} />
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
          projectId={projectId}
          path={path}
          mayWrite={mayWrite}
          actions={actions}
          onMade={(made) => page.set({ open: made })}
          onRemoved={selection.clear}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </div>
  )
}

type PageState = ReturnType<typeof useStoragePage>

/** The list, or why there is none. */
function Body({ page, children }: { page: PageState; children: React.ReactNode }) {
  const { t } = useTranslation()
  const { folder, found, query, shown, mayWrite, path } = page
  const asked = query === '' ? folder : found
  if (asked.error) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} className="m-3" />
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
    <EmptyState icon={<FolderOpenIcon />} title={t('storage.empty')} className="flex-1 justify-center">
      {mayWrite ? t('storage.emptyHint', { path: joined(path, 'report.csv') }) : t('storage.emptyViewer')}
    </EmptyState>
  )
}

interface PanesProps {
  page: PageState
  list: React.ReactNode
  onDownload: (entry: StoredEntry) => void
  onAsk: (asked: Asked) => void
  onSaved: () => void
}

/** The list and, when a file is open, its pane beside it; instead of it where there is no room. */
function Panes({ page, list, onDownload, onAsk, onSaved }: PanesProps) {
  const { t } = useTranslation()
  const hasRoom = useMedia('(min-width: 1000px)')
  const [widthPx, setWidthPx] = useStoredState<number>('storage.pane', 440)
  const [isWide, setWide] = useStoredState<boolean>('storage.wide', false)
  if (page.open === undefined) return list
  const pane = (
    <PreviewPane
      key={page.open}
      projectId={page.projectId}
      path={page.open}
      mayWrite={page.mayWrite}
      isWide={isWide}
      onWiden={hasRoom ? () => setWide(!isWide) : null}
      onDownload={onDownload}
      onLink={(entry) => onAsk({ kind: 'link', entry })}
      onSaved={onSaved}
      onClose={() => page.set({ open: undefined })}
    />
  )
  if (!hasRoom || isWide) return pane
  return (
    <div className="flex min-h-0 flex-1">
      {list}
      <ResizeHandle
        axis="x"
        pane="after"
        sizePx={widthPx}
        minPx={280}
        maxPx={900}
        label={t('storage.resizePreview')}
        onResize={setWidthPx}
      />
      <div className="flex min-h-0 shrink-0" style={{ width: widthPx }}>
        {pane}
      </div>
    </div>
  )
}

interface KeyContext {
  page: PageState
  mayWrite: boolean
  held: Held | null
  setHeld: (held: Held | null) => void
  setAsked: (asked: Asked) => void
  paste: () => void
}

/** What a key of the list does; `null` for a key it does not know. By place too, for other layouts. */
function keyAction(event: KeyboardEvent, context: KeyContext): (() => void) | null {
  const { page, mayWrite, held, setHeld, setAsked, paste } = context
  const { selection, shown } = page
  const { entries } = selection
  const current = shown[selection.cursor]
  const paths = [...selection.paths]
  if (event.ctrlKey || event.metaKey) {
    if (event.code === 'KeyA') return selection.all
    if (!mayWrite) return null
    if (event.code === 'KeyC' && paths.length > 0) return () => setHeld({ mode: 'copy', paths })
    if (event.code === 'KeyX' && paths.length > 0) return () => setHeld({ mode: 'move', paths })
    if (event.code === 'KeyV' && held) return paste
    return null
  }
  if (event.key === 'Enter' && current) return () => page.openEntry(current)
  if (event.key === 'Backspace' && page.path !== '') return page.up
  if (event.key === 'Escape' && (held || paths.length > 0)) return held ? () => setHeld(null) : selection.clear
  if (event.key === ' ' && current) return () => selection.pick(selection.cursor, { isToggle: true })
  if (!mayWrite || entries.length === 0) return null
  if (event.key === 'Delete') return () => setAsked({ kind: 'remove', entries })
  if (event.key === 'F2') return () => setAsked({ kind: 'rename', entry: current ?? entries[0]! })
  return null
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
function useArrivals(queue: ReturnType<typeof uploadQueueOf>, projectId: string, refresh: () => Promise<unknown>) {
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
