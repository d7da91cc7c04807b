import type { DataRecord, Model } from '@m3m/core/client'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/ui/tabs.tsx'

const RevisionsTab = lazy(() =>
  import('../revisions/revisions-tab.tsx').then((m) => ({ default: m.RevisionsTab })),
)
const ReferencesTab = lazy(() =>
  import('../revisions/references-tab.tsx').then((m) => ({ default: m.ReferencesTab })),
)

export const PANES = ['revisions', 'references'] as const
export type Pane = (typeof PANES)[number]

interface RecordTabsProps {
  model: Model
  record: DataRecord
  pane: Pane | undefined
  onPane: (pane: Pane | undefined) => void
  /** The form. It stays while another tab is looked at: what was typed is not lost. */
  children: ReactNode
}

const FIELDS = 'fields'

/** The form of a record, what it was before, and what points at it. */
export function RecordTabs({ model, record, pane, onPane, children }: RecordTabsProps) {
  const { t } = useTranslation()
  return (
    <Tabs
      value={pane ?? FIELDS}
      onValueChange={(next) => onPane(PANES.find((known) => known === next))}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabsList className="h-9 shrink-0 border-b px-3" aria-label={t('record.parts')}>
        <TabsTrigger value={FIELDS}>{t('data.fields')}</TabsTrigger>
        <TabsTrigger value="revisions">{t('record.revisions')}</TabsTrigger>
        <TabsTrigger value="references">{t('record.references')}</TabsTrigger>
      </TabsList>
      <TabsContent
        value={FIELDS}
        forceMount
        hidden={pane !== undefined}
        className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
      >
        {children}
      </TabsContent>
      <TabsContent value="revisions" className="min-h-0 flex-1 overflow-y-auto">
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <RevisionsTab model={model} record={record} />
        </Suspense>
      </TabsContent>
      <TabsContent value="references" className="min-h-0 flex-1 overflow-y-auto">
        <Suspense fallback={<SkeletonRows rows={4} />}>
          <ReferencesTab model={model} record={record} />
        </Suspense>
      </TabsContent>
    </Tabs>
  )
}
