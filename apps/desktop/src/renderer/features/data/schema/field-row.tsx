import type { Field, Model } from '@m3m/core/client'
import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ChevronDownIcon, GripVerticalIcon, Trash2Icon, Undo2Icon } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { stateOf, withType, type FieldDraft } from './field-drafts.ts'
import type { FieldComplaints } from './field-errors.ts'
import { FieldOptions } from './field-options.tsx'
import { FIELD_KINDS, KIND_ICONS, kindOf, NESTED_KINDS, typeOfKind, type FieldKind } from './type-icons.ts'

interface FieldRowProps {
  draft: FieldDraft
  number: number
  models: readonly Model[]
  complaints: FieldComplaints
  isOpen: boolean
  /** Just now, by hand: its key is typed next. */
  isAdded: boolean
  isNested: boolean
  /** The fields inside a document. */
  nested: ReactNode
  isReadOnly: boolean
  onOpen: (isOpen: boolean) => void
  onChange: (field: Field) => void
  onRemove: () => void
  onRestore: () => void
}

/** A field: its key and type in one line, all it may say below. */
export function FieldRow(props: FieldRowProps) {
  const { draft, number, complaints, isOpen, isReadOnly } = props
  const { t } = useTranslation()
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: draft.draftId,
    disabled: isReadOnly,
  })
  const name = draft.field.key || String(number)
  const style = { transform: CSS.Translate.toString(transform), transition }
  if (draft.isRemoved) return <RemovedRow {...props} nodeRef={setNodeRef} style={style} />
  const complaint = complaints[''] ?? complaints['key'] ?? (isOpen ? undefined : Object.values(complaints)[0])
  return (
    <fieldset
      ref={setNodeRef}
      style={style}
      aria-label={name}
      className={cn(
        'min-w-0 border-b bg-background last-of-type:border-b',
        isDragging && 'relative z-10 shadow-md',
      )}
    >
      <div className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 px-2 py-1.5">
        <button
          type="button"
          {...attributes}
          {...listeners}
          disabled={isReadOnly}
          aria-label={t('record.move', { name })}
          className="cursor-grab touch-none rounded-xs p-0.5 text-muted-foreground/70 hover:text-foreground disabled:invisible"
        >
          <GripVerticalIcon className="size-4" />
        </button>
        <Mark draft={draft} />
        <fieldset disabled={isReadOnly} className="contents">
          <KeyInput {...props} isWrong={complaint !== undefined} />
          <KindSelect {...props} name={name} />
        </fieldset>
        <Chips field={draft.field} />
        <span className="ml-auto flex items-center gap-0.5">
          <Button
            variant="ghost"
            size="icon"
            className="text-muted-foreground"
            aria-expanded={isOpen}
            aria-label={t('schema.optionsOf', { key: name })}
            onClick={() => props.onOpen(!isOpen)}
          >
            <ChevronDownIcon className={cn('transition-transform', isOpen && 'rotate-180')} />
          </Button>
          {isReadOnly ? null : (
            <Button
              variant="ghost"
              size="icon"
              className="text-muted-foreground"
              aria-label={t('data.removeField', { key: name })}
              onClick={props.onRemove}
            >
              <Trash2Icon />
            </Button>
          )}
        </span>
        <Notes draft={draft} complaint={complaint} />
      </div>
      {isOpen ? (
        // Who may not change a schema may read all of it.
        <fieldset disabled={isReadOnly} className="min-w-0">
          <FieldOptions
            field={draft.field}
            models={props.models}
            complaints={complaints}
            isNested={props.isNested}
            onChange={props.onChange}
          />
          {props.nested}
        </fieldset>
      ) : null}
    </fieldset>
  )
}

const MARKS = {
  new: 'bg-running',
  changed: 'bg-moving',
  renamed: 'bg-moving',
  removed: 'bg-crashed',
  same: 'bg-transparent',
} as const

function Mark({ draft }: { draft: FieldDraft }) {
  const { t } = useTranslation()
  const state = stateOf(draft)
  const text = state === 'same' ? undefined : t(`schema.state.${state}`)
  return (
    <span
      role={text ? 'img' : undefined}
      aria-label={text}
      title={text}
      className={cn('size-1.5 shrink-0 rounded-full', MARKS[state])}
    />
  )
}

function KeyInput({ draft, number, isAdded, onChange, isWrong }: FieldRowProps & { isWrong: boolean }) {
  const { t } = useTranslation()
  const { field } = draft
  return (
    <Input
      value={field.key}
      onChange={(event) => onChange({ ...field, key: event.target.value })}
      onFocus={(event) => draft.before === null && event.target.select()}
      autoFocus={isAdded}
      aria-label={t('data.fieldKey', { number })}
      aria-invalid={isWrong || undefined}
      placeholder={t('data.keyHint')}
      maxLength={64}
      spellCheck={false}
      autoComplete="off"
      className="min-w-32 flex-1 font-mono text-xs sm:max-w-56"
    />
  )
}

function KindSelect({ draft, isNested, onChange, name }: FieldRowProps & { name: string }) {
  const { t } = useTranslation()
  const kind = kindOf(draft.field)
  const Icon = KIND_ICONS[kind]
  const choose = (next: string) => {
    const { type, format } = typeOfKind(next as FieldKind)
    onChange(withType(draft.field, type, format))
  }
  return (
    <Select value={kind} onValueChange={choose}>
      <SelectTrigger
        className="w-44 max-sm:ml-10.5 max-sm:w-48"
        aria-label={t('data.fieldType', { key: name })}
      >
        <span className="flex min-w-0 items-center gap-2">
          <Icon className="size-3.5 shrink-0 text-muted-foreground" />
          <span className="truncate">
            <SelectValue />
          </span>
        </span>
      </SelectTrigger>
      <SelectContent>
        {(isNested ? NESTED_KINDS : FIELD_KINDS).map((one) => (
          <SelectItem key={one} value={one}>
            {t(`schema.kind.${one}`)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

/** What is set, so that a folded row tells. */
function Chips({ field }: { field: Field }) {
  const { t } = useTranslation()
  const flags = (['required', 'nullable', 'unique', 'index', 'multiple'] as const).filter(
    (flag) => field[flag] === true,
  )
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1 empty:hidden max-md:order-last max-md:basis-full max-md:pl-10.5">
      {flags.map((flag) => (
        <span key={flag} className="rounded-sm border px-1.5 text-2xs text-muted-foreground">
          {t(`schema.option.${flag}`)}
        </span>
      ))}
      {field.refModel ? (
        <span className="truncate font-mono text-2xs text-muted-foreground">→ {field.refModel}</span>
      ) : null}
      {field.default === undefined ? null : (
        <span className="max-w-32 truncate font-mono text-2xs text-muted-foreground">
          = {JSON.stringify(field.default)}
        </span>
      )}
    </span>
  )
}

function Notes({ draft, complaint }: { draft: FieldDraft; complaint: string | undefined }) {
  const { t } = useTranslation()
  const isRenamed = stateOf(draft) === 'renamed'
  if (!complaint && !isRenamed) return null
  return (
    <div className="basis-full pl-9">
      {isRenamed ? (
        <p className="text-xs text-muted-foreground">
          {t('schema.renamedFrom', { key: draft.before?.key ?? '' })}
        </p>
      ) : null}
      {complaint ? (
        <p role="alert" className="text-xs text-destructive">
          {complaint}
        </p>
      ) : null}
    </div>
  )
}

function RemovedRow({
  draft,
  isReadOnly,
  onRestore,
  nodeRef,
  style,
}: FieldRowProps & { nodeRef: (node: HTMLElement | null) => void; style: CSSProperties }) {
  const { t } = useTranslation()
  const { key } = draft.field
  return (
    <div
      ref={nodeRef}
      style={style}
      className="flex min-h-11 items-center gap-2 border-b bg-destructive/5 px-2 py-1.5 pl-9"
    >
      <Mark draft={draft} />
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <code className="max-w-full truncate text-xs text-muted-foreground line-through">{key}</code>
        <span className="text-xs text-muted-foreground">{t('schema.willGo')}</span>
      </span>
      {isReadOnly ? null : (
        <Button
          variant="ghost"
          size="sm"
          className="ml-auto"
          onClick={onRestore}
          aria-label={t('schema.bringBack', { key })}
        >
          <Undo2Icon className="size-3.5" /> {t('action.undo')}
        </Button>
      )}
    </div>
  )
}
