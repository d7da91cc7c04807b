import type { Field, Model } from '@m3m/core/client'
import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
} from '@dnd-kit/core'
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FieldRow } from './schema/field-row.tsx'
import {
  draftsOf,
  fieldsOf,
  freeKey,
  newDraft,
  withoutDraft,
  withoutUndefined,
  withType,
  type FieldDraft,
} from './schema/field-drafts.ts'
import type { FieldComplaints } from './schema/field-errors.ts'
import { AddField } from './schema/type-grid.tsx'
import { typeOfKind, type FieldKind } from './schema/type-icons.ts'

interface FieldsEditorProps {
  drafts: readonly FieldDraft[]
  models: readonly Model[]
  /** What the agent says of a field, by its draft. */
  complaints: ReadonlyMap<string, FieldComplaints>
  /** Fields inside a document. */
  isNested?: boolean
  isReadOnly?: boolean
  onChange: (drafts: FieldDraft[]) => void
}

const NONE: FieldComplaints = {}
/** What these are is said in their options; the others are whole with a key. */
const OPENED_KINDS: ReadonlySet<FieldKind> = new Set(['select', 'multiselect', 'ref', 'file', 'document'])

/** Fields of a schema, dragged into their order by pointer or keyboard. */
export function FieldsEditor({
  drafts,
  models,
  complaints,
  isNested = false,
  isReadOnly = false,
  onChange,
}: FieldsEditorProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [added, setAdded] = useState<string>()
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const set = (draft: FieldDraft, change: Partial<FieldDraft>) =>
    onChange(drafts.map((other) => (other.draftId === draft.draftId ? { ...other, ...change } : other)))
  const open = (draftId: string, isOpen: boolean) => {
    const next = new Set(opened)
    if (isOpen) next.add(draftId)
    else next.delete(draftId)
    setOpened(next)
  }
  const add = (kind: FieldKind) => {
    const { type, format } = typeOfKind(kind)
    const field: Field = withType(
      { key: freeKey(kind === 'richtext' ? 'body' : kind, drafts), type: 'string' },
      type,
      format,
    )
    const draft = newDraft(drafts, field)
    onChange([...drafts, draft])
    setAdded(draft.draftId)
    if (OPENED_KINDS.has(kind)) open(draft.draftId, true)
  }
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return
    const at = (id: string | number) => drafts.findIndex(({ draftId }) => draftId === id)
    onChange(arrayMove([...drafts], at(active.id), at(over.id)))
  }
  return (
    <div className="overflow-hidden rounded-md border">
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
        <SortableContext items={drafts.map(({ draftId }) => draftId)} strategy={verticalListSortingStrategy}>
          {drafts.map((draft, index) => (
            <FieldRow
              key={draft.draftId}
              draft={draft}
              number={index + 1}
              models={models}
              complaints={complaints.get(draft.draftId) ?? NONE}
              isOpen={opened.has(draft.draftId)}
              isAdded={draft.draftId === added}
              isNested={isNested}
              nested={
                draft.field.type === 'document' ? (
                  <NestedFields
                    field={draft.field}
                    models={models}
                    isReadOnly={isReadOnly}
                    onChange={(field) => set(draft, { field })}
                  />
                ) : null
              }
              isReadOnly={isReadOnly}
              onOpen={(isOpen) => open(draft.draftId, isOpen)}
              onChange={(field) => set(draft, { field })}
              onRemove={() => onChange(withoutDraft(drafts, draft))}
              onRestore={() => set(draft, { isRemoved: false })}
            />
          ))}
        </SortableContext>
      </DndContext>
      {isReadOnly ? null : <AddField isNested={isNested} onAdd={add} />}
    </div>
  )
}

interface NestedFieldsProps {
  field: Field
  models: readonly Model[]
  isReadOnly: boolean
  onChange: (field: Field) => void
}

/** The schema of a document; without one it takes any JSON. */
function NestedFields({ field, models, isReadOnly, onChange }: NestedFieldsProps) {
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
      <FieldsEditor
        drafts={drafts}
        models={models}
        complaints={NO_COMPLAINTS}
        isNested
        isReadOnly={isReadOnly}
        onChange={set}
      />
    </div>
  )
}

const NO_COMPLAINTS = new Map<string, FieldComplaints>()
