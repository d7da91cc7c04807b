import { XIcon } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/ui/tabs.tsx'
import { LogPanel } from './log-panel.tsx'
import { ProblemsPanel } from './problems-panel.tsx'
import { RequestsPanel } from './requests/requests-panel.tsx'
import type { EditorSession, PanelTab } from './use-editor-session.ts'

const TABS = ['log', 'problems', 'requests', 'reference'] as const

// It brings Markdown and colours along, which the editor alone does not need.
const ReferencePanel = lazy(async () => ({
  default: (await import('./reference-panel.tsx')).ReferencePanel,
}))

export function BottomPanel({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const errors = session.marks.length
  return (
    <Tabs
      value={session.panelTab}
      onValueChange={(tab) => session.showPanel(tab as PanelTab)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex h-8.5 shrink-0 items-center border-b pr-1 pl-1">
        <TabsList aria-label={t('pipeline.panel')} className="h-full">
          {TABS.map((tab) => (
            <TabsTrigger key={tab} value={tab} className="h-full">
              {t(`pipeline.panelTab.${tab}`)}
              {tab === 'problems' && errors > 0 ? (
                <span className="rounded-sm bg-crashed/12 px-1 text-2xs text-crashed tabular">{errors}</span>
              ) : null}
            </TabsTrigger>
          ))}
        </TabsList>
        <Button
          variant="ghost"
          size="icon-sm"
          className="ml-auto text-muted-foreground"
          aria-label={t('pipeline.closePanel')}
          onClick={() => session.setPanelOpen(false)}
        >
          <XIcon />
        </Button>
      </div>
      <TabsContent value="log" className="flex min-h-0 flex-1 flex-col bg-editor">
        <LogPanel session={session} />
      </TabsContent>
      <TabsContent value="problems" className="min-h-0 flex-1 overflow-y-auto">
        <ProblemsPanel session={session} />
      </TabsContent>
      <TabsContent value="requests" className="min-h-0 flex-1 overflow-y-auto">
        <RequestsPanel />
      </TabsContent>
      <TabsContent value="reference" className="min-h-0 flex-1">
        <Suspense fallback={<SkeletonRows rows={6} />}>
          <ReferencePanel />
        </Suspense>
      </TabsContent>
    </Tabs>
  )
}
