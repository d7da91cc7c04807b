import type { DataRecord } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { recordLabel } from '../record-label.ts'
import { draftKey, removeDraft } from './record-drafts.ts'
import type { StackedRecordProps } from '../widgets/widget-props.ts'
import { RecordFacts } from './record-facts.tsx'
import { RecordForm } from './record-form.tsx'
import { SidePanel } from './side-panel.tsx'

/** A record that another one points at, over that one's form. The address stays with the one below. */
export function StackedRecord({ model, recordId, onClose, onCreated }: StackedRecordProps) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const record = useQuery(
    trpc.records.get.queryOptions(
      { projectId: project.id, model: model.slug, id: recordId ?? '' },
      { enabled: recordId !== null, staleTime: 0 },
    ),
  )
  const isDirty = useRef(false)
  const setDirty = useCallback((next: boolean) => {
    isDirty.current = next
  }, [])
  const [isAsking, setAsking] = useState(false)
  const shown = recordId === null ? undefined : (record.data as DataRecord | undefined)
  return (
    <SidePanel
      title={shown ? recordLabel(model, shown) : t('record.createRef', { name: model.name })}
      subtitle={shown ? <RecordFacts record={shown} /> : model.name}
      isFull={false}
      onClose={() => (isDirty.current ? setAsking(true) : onClose())}
    >
      {recordId !== null && record.error ? <ErrorState error={record.error} className="m-4" /> : null}
      {recordId !== null && record.isPending ? <SkeletonRows rows={6} /> : null}
      {recordId === null || shown ? (
        <RecordForm
          model={model}
          record={shown ?? null}
          onDirty={setDirty}
          onSaved={(saved, { stays }) => {
            if (recordId === null) onCreated(saved)
            if (!stays) onClose()
          }}
        />
      ) : null}
      {isAsking ? (
        <ConfirmDialog
          open
          onOpenChange={() => setAsking(false)}
          title={t('leave.title')}
          description={t('leave.hint')}
          action={t('leave.action')}
          onConfirm={() => {
            removeDraft(localStorage, draftKey(project.id, model.id, recordId))
            onClose()
          }}
        />
      ) : null}
    </SidePanel>
  )
}
