import type { Field, Model } from '@m3m/core/client'
import { PlusIcon, Trash2Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { FIELD_TYPES, hasOptions, newDraft, withoutUndefined, withType, type FieldDraft } from './field-drafts.ts'

interface FieldsEditorProps {
  drafts: readonly FieldDraft[]
  models: readonly Model[]
  onChange: (drafts: FieldDraft[]) => void
  /** What the agent says of a field, by its place. */
  errors: Readonly<Record<number, string>>
  isReadOnly?: boolean
}

/** A row a field: key, type, and its options in place. */
export function FieldsEditor({ drafts, models, onChange, errors, isReadOnly = false }: FieldsEditorProps) {
  const { t } = useTranslation()
  const set = (draft: FieldDraft) => onChange(drafts.map((other) => (other.draftId === draft.draftId ? draft : other)))
  return (
    <div className="rounded-md border">
      {drafts.map((draft, index) => (
        <FieldRow
          key={draft.draftId}
          field={draft.field}
          number={index + 1}
          models={models}
          error={errors[index]}
          isReadOnly={isReadOnly}
          onChange={(field) => set({ ...draft, field })}
          onRemove={() => onChange(drafts.filter((other) => other !== draft))}
        />
      ))}
      {isReadOnly ? null : (
        <Button
          variant="ghost"
          className="w-full justify-start rounded-none px-3 text-muted-foreground"
          onClick={() => onChange([...drafts, newDraft(drafts)])}
        >
          <PlusIcon /> {t('data.addField')}
        </Button>
      )}
    </div>
  )
}

interface FieldRowProps {
  field: Field
  number: number
  models: readonly Model[]
  error: string | undefined
  isReadOnly: boolean
  onChange: (field: Field) => void
  onRemove: () => void
}

function FieldRow({ field, number, models, error, isReadOnly, onChange, onRemove }: FieldRowProps) {
  const { t } = useTranslation()
  const name = field.key || String(number)
  return (
    <fieldset disabled={isReadOnly} className="grid gap-2 border-b px-3 py-2 last:border-b-0" aria-label={name}>
      <div className="flex flex-wrap items-center gap-2">
        <Input
          value={field.key}
          onChange={(event) => onChange({ ...field, key: event.target.value })}
          aria-label={t('data.fieldKey', { number })}
          aria-invalid={error !== undefined}
          placeholder={t('data.keyHint')}
          maxLength={64}
          spellCheck={false}
          autoComplete="off"
          autoFocus={field.key === '' && number > 1}
          className="min-w-32 flex-1 font-mono text-xs"
        />
        <Select value={field.type} onValueChange={(type) => onChange(withType(field, type as Field['type']))}>
          <SelectTrigger className="w-32" aria-label={t('data.fieldType', { key: name })}>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {FIELD_TYPES.map((type) => (
              <SelectItem key={type} value={type}>
                {type}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
        <Flags field={field} onChange={onChange} />
        <Button
          variant="ghost"
          size="icon"
          className="text-muted-foreground"
          aria-label={t('data.removeField', { key: name })}
          onClick={onRemove}
        >
          <Trash2Icon />
        </Button>
      </div>
      <TypeOptions field={field} name={name} models={models} onChange={onChange} />
      {error ? (
        <p role="alert" className="text-xs text-destructive">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}

function Flags({ field, onChange }: Pick<FieldRowProps, 'field' | 'onChange'>) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-3">
      {(['required', 'nullable', 'unique'] as const).map((flag) => (
        <label key={flag} className="flex items-center gap-1.5 text-xs text-muted-foreground">
          <Checkbox
            checked={field[flag] === true}
            onCheckedChange={(isOn) => onChange(withoutUndefined({ ...field, [flag]: isOn === true ? true : undefined }))}
            aria-label={t(`data.${flag}`)}
          />
          {t(`data.${flag}`)}
        </label>
      ))}
    </div>
  )
}

type TypeOptionsProps = Pick<FieldRowProps, 'field' | 'models' | 'onChange'> & { name: string }

function TypeOptions({ field, name, models, onChange }: TypeOptionsProps) {
  const { t } = useTranslation()
  if (hasOptions(field.type))
    return (
      <Textarea
        value={(field.options ?? []).join('\n')}
        onChange={(event) => onChange({ ...field, options: event.target.value.split('\n') })}
        aria-label={t('data.options', { key: name })}
        placeholder={t('data.options', { key: name })}
        rows={3}
        className="text-xs"
      />
    )
  if (field.type === 'ref')
    return (
      <Select value={field.refModel ?? ''} onValueChange={(refModel) => onChange({ ...field, refModel })}>
        <SelectTrigger className="w-64" aria-label={t('data.refModel', { key: name })}>
          <SelectValue placeholder={t('data.refModel', { key: name })} />
        </SelectTrigger>
        <SelectContent>
          {models.map((model) => (
            <SelectItem key={model.slug} value={model.slug}>
              {model.name}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    )
  return null
}
