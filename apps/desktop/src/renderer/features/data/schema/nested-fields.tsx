import type { Field, Model } from '@m3m/core/client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldsEditor } from '../fields-editor.tsx'
import { draftsOf, fieldsOf, withoutUndefined, type FieldDraft } from './field-drafts.ts'

interface NestedFieldsProps {
  field: Field
  models: readonly Model[]
  isReadOnly: boolean
  onChange: (field: Field) => void
}

/** The schema of a document; without one it takes any JSON. */
export function NestedFields({ field, models, isReadOnly, onChange }: NestedFieldsProps) {
  const { t } = useTranslation()
  const [drafts, setDrafts] = useState<FieldDraft[]>(() => draftsOf(field.fields ?? []))
  const set = (next: FieldDraft[]) => {
    setDrafts(next)
    const fields = fieldsOf(next)
    onChange(withoutUndefined({ ...field, fields: fields.length > 0 ? fields : undefined }))
  }
  return (
    <div className="grid gap-1.5 bg-muted/30 px-3 pb-3 sm:px-10">
      <span className="text-sm font-medium">{t('schema.nested')}</span>
      <p className="text-xs text-muted-foreground">{t('schema.nestedHint')}</p>
      <FieldsEditor drafts={drafts} models={models} complaints={NONE} isNested isReadOnly={isReadOnly} onChange={set} />
    </div>
  )
}

const NONE = new Map<string, Record<string, string>>()
