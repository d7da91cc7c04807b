import type { DataRecord, Model } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { useBlocker, useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronDownIcon, ChevronUpIcon } from 'lucide-react'
import { lazy, useCallback, useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { recordLabel } from '../record-label.ts'
import { StackedRecordContext } from '../widgets/widget-props.ts'
import { RecordActions } from './record-actions.tsx'
import { draftKey, removeDraft } from './record-drafts.ts'
import { copyOf } from './record-edit.ts'
import { RecordFacts } from './record-facts.tsx'
import { RecordForm } from './record-form.tsx'
import { RecordTabs } from './record-tabs.tsx'
import { SidePanel } from './side-panel.tsx'

/** Records that this one points at open above it; loaded when one does. */
const StackedRecord = lazy(() => import('./stacked-record.tsx').then((m) => ({ default: m.StackedRecord })))

interface RecordPanelProps {
  model: Model
  /** `null` for a new one. */
  recordId: string | null
  /** Ids of the list behind it, in its order: one goes from record to record by them. */
  order: readonly string[]
  onClose: () => void
}

/** A record over the page. Which one, its tab and whether it fills the page stand in the address. */
export function RecordPanel({ model, recordId, order, onClose }: RecordPanelProps) {
  const { t } = useTranslation()
  const { from, pane, full } = useSearch({ from: '/projects/$slug/data/$model' })
  const navigate = useNavigate({ from: '/projects/$slug/data/$model' })
  const record = useRecord(model, recordId)
  const source = useRecord(model, recordId === null ? (from ?? null) : null)
  const { isDirty, setDirty } = useDirtyMark()
  const go = (change: { record?: string | undefined; from?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, pane: undefined, from: undefined, ...change }) as never })
  const neighbours = useNeighbours(order, recordId, (next) => go({ record: next }))
  const shown = record.data
  const error = record.error ?? source.error
  const isReady = recordId === null ? from === undefined || source.data !== undefined : shown !== undefined
  const form = isReady ? (
    <RecordForm
      key={recordId ?? 'new'}
      model={model}
      record={shown ?? null}
      initial={source.data ? copyOf(model, source.data) : undefined}
      onDirty={setDirty}
      onSaved={(_saved, { stays }) => {
        isDirty.current = false
        if (!stays) onClose()
      }}
    />
  ) : null
  return (
    <StackedRecordContext value={StackedRecord}>
      <SidePanel
        title={
          shown ? recordLabel(model, shown) : t(recordId === null ? 'data.newRecord' : 'data.editRecord')
        }
        subtitle={shown ? <RecordFacts record={shown} /> : model.name}
        isFull={full === true}
        onFull={(isFull) =>
          void navigate({
            search: (now) => ({ ...now, full: isFull ? true : undefined }) as never,
            replace: true,
          })
        }
        onClose={onClose}
        onKeyDown={neighbours.onKeyDown}
        actions={
          <>
            {neighbours.isKnown ? <Neighbours {...neighbours} /> : null}
            {shown ? (
              <RecordActions
                model={model}
                record={shown}
                onDuplicate={() => go({ record: 'new', from: shown.id })}
                onRemoved={() => {
                  isDirty.current = false
                  onClose()
                }}
              />
            ) : null}
          </>
        }
      >
        {error ? <ErrorState error={error} className="m-4" /> : null}
        {!error && !isReady ? <SkeletonRows rows={6} /> : null}
        {shown ? (
          <RecordTabs
            model={model}
            record={shown}
            pane={pane}
            onPane={(next) =>
              void navigate({ search: (now) => ({ ...now, pane: next }) as never, replace: true })
            }
          >
            {form}
          </RecordTabs>
        ) : (
          form
        )}
        <RecordGuard isDirty={isDirty} model={model} recordId={recordId} />
      </SidePanel>
    </StackedRecordContext>
  )
}

/** The records before and after this one in the list behind it: by buttons, Alt+↑ and Alt+↓. */
function useNeighbours(order: readonly string[], recordId: string | null, open: (id: string) => void) {
  const at = recordId === null ? -1 : order.indexOf(recordId)
  const step = (by: number) => {
    const next = at < 0 ? undefined : order[at + by]
    if (next !== undefined) open(next)
  }
  return {
    isKnown: at >= 0 && order.length > 1,
    canUp: at > 0,
    canDown: at >= 0 && at < order.length - 1,
    onStep: step,
    onKeyDown: (event: KeyboardEvent) => {
      // Keys of a record stacked above come by here, too.
      if (!event.currentTarget.contains(event.target as Node)) return
      if (!event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
      event.preventDefault()
      step(event.key === 'ArrowDown' ? 1 : -1)
    },
  }
}

/** Read when the page is about to be left, so that a save that was just done counts. */
function useDirtyMark() {
  const isDirty = useRef(false)
  const setDirty = useCallback((next: boolean) => {
    isDirty.current = next
  }, [])
  return { isDirty, setDirty }
}

function useRecord(model: Model, recordId: string | null) {
  const project = useProject()
  const trpc = useTRPC()
  const found = useQuery(
    trpc.records.get.queryOptions(
      { projectId: project.id, model: model.slug, id: recordId ?? '' },
      { enabled: recordId !== null, staleTime: 0, refetchOnWindowFocus: true },
    ),
  )
  return {
    data: recordId === null ? undefined : (found.data as DataRecord | undefined),
    error: recordId === null ? null : found.error,
  }
}

function Neighbours({
  canUp,
  canDown,
  onStep,
}: Pick<ReturnType<typeof useNeighbours>, 'canUp' | 'canDown' | 'onStep'>) {
  const { t } = useTranslation()
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="text-muted-foreground"
        disabled={!canUp}
        aria-label={t('record.previous')}
        title={`${t('record.previous')} (Alt+↑)`}
        onClick={() => onStep(-1)}
      >
        <ChevronUpIcon />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        className="text-muted-foreground"
        disabled={!canDown}
        aria-label={t('record.next')}
        title={`${t('record.next')} (Alt+↓)`}
        onClick={() => onStep(1)}
      >
        <ChevronDownIcon />
      </Button>
    </>
  )
}

interface RecordGuardProps {
  isDirty: { readonly current: boolean }
  model: Model
  recordId: string | null
}

/** Asks before unsaved changes are left; what is discarded there is not offered again. */
function RecordGuard({ isDirty, model, recordId }: RecordGuardProps) {
  const { t } = useTranslation()
  const project = useProject()
  const blocker = useBlocker({
    // Another tab of the same record loses nothing.
    shouldBlockFn: ({ current, next }) =>
      isDirty.current &&
      (current.pathname !== next.pathname || recordIn(current.search) !== recordIn(next.search)),
    enableBeforeUnload: () => isDirty.current,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <ConfirmDialog
      open
      onOpenChange={blocker.reset}
      title={t('leave.title')}
      description={t('leave.hint')}
      action={t('leave.action')}
      onConfirm={() => {
        removeDraft(localStorage, draftKey(project.id, model.id, recordId))
        blocker.proceed()
      }}
    />
  )
}

const recordIn = (search: unknown): unknown => (search as { record?: unknown }).record
