import type { Model, ModelIndex, ModelInput } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { DownloadIcon, UploadIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { saveFile } from '@/ui/save-file.ts'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { FieldsEditor } from './fields-editor.tsx'
import { sameValue } from './form/same-value.ts'
import {
  draftsOf,
  fieldsOf,
  indexesAfter,
  isChanged,
  stateOf,
  type FieldDraft,
} from './schema/field-drafts.ts'
import { complaintsByDraft, complaintsOfIndexes } from './schema/field-errors.ts'
import { ImpactDialog } from './schema/impact-dialog.tsx'
import { ImportDialog } from './schema/import-dialog.tsx'
import { IndexesEditor } from './schema/indexes-editor.tsx'
import { draftsFrom, schemaJson } from './schema/schema-file.ts'
import { useSchemaChange } from './schema/use-schema-change.ts'

/** Fields and indexes in place; what a change does to the records is shown before it is done. */
export function SchemaTab({ model }: { model: Model }) {
  const project = useProject()
  const trpc = useTRPC()
  const mayWrite = useMay('code:write')
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }))
  const schema = useSchemaEdit(model)
  const change = useSchemaChange(model)
  const complaints = complaintsByDraft(change.error, schema.drafts)
  const ofIndexes = complaintsOfIndexes(change.error)
  const isTold = complaints.size > 0 || ofIndexes.size > 0
  const save = () => change.begin(schema.changes())
  useShortcut('Mod+S', save, mayWrite && schema.isChanged && !change.preview)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid max-w-4xl gap-5 p-4 sm:p-6">
          <SchemaFile model={model} mayWrite={mayWrite} onLoad={schema.load} />
          <FieldsEditor
            drafts={schema.drafts}
            models={models.data ?? []}
            complaints={complaints}
            isReadOnly={!mayWrite}
            onChange={schema.setDrafts}
          />
          <IndexesEditor
            indexes={schema.indexes}
            fields={fieldsOf(schema.drafts)}
            complaints={ofIndexes}
            isReadOnly={!mayWrite}
            onChange={schema.setIndexes}
          />
          {change.error && !isTold ? <ErrorState error={change.error} /> : null}
        </div>
      </div>
      {mayWrite && schema.isChanged ? (
        <SaveBar count={schema.count} isPending={change.isPending} onDiscard={schema.discard} onSave={save} />
      ) : null}
      <LeaveGuard isChanged={schema.isChanged} />
      {change.preview ? (
        <ImpactDialog
          update={change.preview}
          slug={model.slug}
          touched={schema.touched}
          isPending={change.isPending}
          onClose={change.cancel}
          onApply={(options) => change.apply(schema.changes(), options)}
        />
      ) : null}
    </div>
  )
}

function useSchemaEdit(model: Model) {
  const [drafts, setDrafts] = useState<FieldDraft[]>(() => draftsOf(model.fields))
  const [indexes, setIndexes] = useState<ModelIndex[]>(model.indexes)
  const changed = isChanged(drafts, model.fields) || !sameValue(indexes, model.indexes)
  const states = drafts.map((draft) => ({ draft, state: stateOf(draft) }))
  return {
    drafts,
    indexes,
    setIndexes,
    setDrafts: (next: FieldDraft[]) => {
      // Indexes follow what happens to their fields; a removal is undone by discarding.
      setIndexes(indexesAfter(indexes, drafts, next))
      setDrafts(next)
    },
    isChanged: changed,
    count: states.filter(({ state }) => state !== 'same').length,
    touched: states.flatMap(({ draft, state }) =>
      draft.before && (state === 'removed' || state === 'renamed' || draft.before.type !== draft.field.type)
        ? [draft.before.key]
        : [],
    ),
    changes: () => ({ fields: fieldsOf(drafts), indexes }),
    discard: () => {
      setDrafts(draftsOf(model.fields))
      setIndexes(model.indexes)
    },
    load: (schema: ModelInput) => {
      setDrafts(draftsFrom(model.fields, schema.fields))
      if (schema.indexes) setIndexes(schema.indexes)
    },
  }
}

function SchemaFile({
  model,
  mayWrite,
  onLoad,
}: {
  model: Model
  mayWrite: boolean
  onLoad: (schema: ModelInput) => void
}) {
  const { t } = useTranslation()
  const [isImporting, setImporting] = useState(false)
  const save = () =>
    saveFile(new Blob([schemaJson(model)], { type: 'application/json' }), `${model.slug}.schema.json`)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="min-w-52 flex-1 text-xs text-muted-foreground max-sm:basis-full">{t('schema.hint')}</p>
      <Button variant="outline" size="sm" onClick={save}>
        <DownloadIcon className="size-3.5" /> {t('schema.export')}
      </Button>
      {mayWrite ? (
        <Button variant="outline" size="sm" onClick={() => setImporting(true)}>
          <UploadIcon className="size-3.5" /> {t('schema.import')}
        </Button>
      ) : null}
      {isImporting ? (
        <ImportDialog
          saved={model.fields}
          fallback={{ name: model.name, slug: model.slug }}
          onClose={() => setImporting(false)}
          onLoad={(schema) => {
            onLoad(schema)
            setImporting(false)
          }}
        />
      ) : null}
    </div>
  )
}

interface SaveBarProps {
  count: number
  isPending: boolean
  onDiscard: () => void
  onSave: () => void
}

function SaveBar({ count, isPending, onDiscard, onSave }: SaveBarProps) {
  const { t } = useTranslation()
  return (
    <footer className="flex shrink-0 items-center gap-2 border-t px-4 py-2.5">
      <span className="min-w-0 truncate text-sm text-muted-foreground">
        {count > 0 ? t('schema.changedFields', { count }) : t('schema.changedOrder')}
      </span>
      <Button variant="ghost" className="ml-auto" onClick={onDiscard}>
        {t('action.discard')}
      </Button>
      <Button disabled={isPending} onClick={onSave}>
        {t('data.saveSchema')}
      </Button>
    </footer>
  )
}
