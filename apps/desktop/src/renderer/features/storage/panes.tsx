import type { StoredEntry } from '@m3m/core/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ResizeHandle } from '@/ui/resizable.tsx'
import { useMedia } from '@/ui/use-media.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { PreviewPane } from './preview-pane.tsx'
import type { Asked } from './storage-dialogs.tsx'
import type { PageState } from './use-storage-page.ts'

interface PanesProps {
  page: PageState
  list: ReactNode
  onDownload: (entry: StoredEntry) => void
  onAsk: (asked: Asked) => void
  onSaved: () => void
}

/** The list and, when a file is open, its pane beside it; instead of it where there is no room. */
export function Panes({ page, list, onDownload, onAsk, onSaved }: PanesProps) {
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
