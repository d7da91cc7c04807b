import type { Model } from '@m3m/core/client'
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
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import { ColumnsIcon, EyeIcon, EyeOffIcon, GripVerticalIcon, HeadingIcon, Trash2Icon } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { useSchemaChange } from '../schema/use-schema-change.ts'
import { isWide, widgetsFor, type WidgetKind } from '../widgets/widget-kinds.ts'
import { FormFields } from './form-fields.tsx'
import { configOf, layoutItems, type LayoutItem } from './form-layout.ts'
import { sameValue } from './same-value.ts'

/** How the form of a record looks: order, headings, controls, what is hidden; beside it the form itself. */
export function FormEditor({ model }: { model: Model }) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  const [items, setItems] = useState<LayoutItem[]>(() => layoutItems(model))
  const change = useSchemaChange(model)
  const form = configOf(items, model.form)
  const isChanged = !sameValue(form, configOf(layoutItems(model), model.form))
  const save = () => change.apply({ form })
  useShortcut('Mod+S', save, mayWrite && isChanged)
  const addGroup = () => {
    const number = items.filter(({ kind }) => kind === 'group').length + 1
    setItems([
      { id: `group:new${Date.now()}`, kind: 'group', title: t('formEditor.newGroup', { number }) },
      ...items,
    ])
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid min-h-0 flex-1 overflow-y-auto lg:grid-cols-2 lg:overflow-hidden">
        <section
          aria-label={t('formEditor.layout')}
          className="space-y-3 p-4 lg:min-h-0 lg:overflow-y-auto lg:border-r sm:p-6"
        >
          <div className="flex items-center gap-3">
            <p className="min-w-0 flex-1 text-xs text-muted-foreground">{t('formEditor.hint')}</p>
            {mayWrite ? (
              <Button variant="outline" size="sm" onClick={addGroup}>
                <HeadingIcon className="size-3.5" /> {t('formEditor.addGroup')}
              </Button>
            ) : null}
          </div>
          <LayoutList items={items} isReadOnly={!mayWrite} onChange={setItems} />
          {change.error ? <ErrorState error={change.error} /> : null}
        </section>
        <FormPreview model={{ ...model, form }} />
      </div>
      {mayWrite && isChanged ? (
        <footer className="flex shrink-0 items-center justify-end gap-2 border-t px-4 py-2.5">
          <Button variant="ghost" onClick={() => setItems(layoutItems(model))}>
            {t('action.discard')}
          </Button>
          <Button disabled={change.isPending} onClick={save}>
            {t('formEditor.save')}
          </Button>
        </footer>
      ) : null}
      <LeaveGuard isChanged={isChanged} />
    </div>
  )
}

/** The form with nothing in it; what is typed here is not kept. */
function FormPreview({ model }: { model: Model }) {
  const { t } = useTranslation()
  const [values, setValues] = useState<Record<string, unknown>>({})
  const problems = useMemo(() => new Map(), [])
  return (
    <section
      aria-label={t('record.preview')}
      className="space-y-3 bg-muted/30 p-4 lg:min-h-0 lg:overflow-y-auto sm:p-6"
    >
      <span className="text-xs font-medium text-muted-foreground">{t('record.preview')}</span>
      <div className="grid gap-5 rounded-md border bg-background p-4">
        <FormFields
          model={model}
          valueOf={(field) => values[field.key] ?? field.default}
          problems={problems}
          isReadOnly={false}
          onChange={(field, value) => setValues({ ...values, [field.key]: value })}
        />
      </div>
    </section>
  )
}

interface LayoutListProps {
  items: readonly LayoutItem[]
  isReadOnly: boolean
  onChange: (items: LayoutItem[]) => void
}

function LayoutList({ items, isReadOnly, onChange }: LayoutListProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return
    const at = (id: string | number) => items.findIndex((item) => item.id === id)
    onChange(arrayMove([...items], at(active.id), at(over.id)))
  }
  const set = (item: LayoutItem) => onChange(items.map((other) => (other.id === item.id ? item : other)))
  return (
    <div className="overflow-hidden rounded-md border">
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
        <SortableContext items={items.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
          {items.map((item) => (
            <LayoutRow
              key={item.id}
              item={item}
              isReadOnly={isReadOnly}
              onChange={set}
              onRemove={() => onChange(items.filter((other) => other !== item))}
            />
          ))}
        </SortableContext>
      </DndContext>
    </div>
  )
}

interface LayoutRowProps {
  item: LayoutItem
  isReadOnly: boolean
  onChange: (item: LayoutItem) => void
  onRemove: () => void
}

function LayoutRow({ item, isReadOnly, onChange, onRemove }: LayoutRowProps) {
  const { t } = useTranslation()
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: item.id,
    disabled: isReadOnly,
  })
  const name = item.kind === 'group' ? item.title : item.place.field.key
  return (
    <fieldset
      ref={setNodeRef}
      disabled={isReadOnly}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={cn(
        'flex min-h-10 min-w-0 items-center gap-2 border-b bg-background px-2 py-1 last:border-b-0',
        item.kind === 'group' && 'bg-muted/60',
        isDragging && 'relative z-10 shadow-md',
      )}
    >
      <button
        type="button"
        {...attributes}
        {...listeners}
        aria-label={t('record.move', { name })}
        className="cursor-grab touch-none rounded-xs p-0.5 text-muted-foreground/70 hover:text-foreground disabled:invisible"
      >
        <GripVerticalIcon className="size-4" />
      </button>
      {item.kind === 'group' ? (
        <>
          <Input
            value={item.title}
            maxLength={100}
            aria-label={t('formEditor.groupTitle')}
            placeholder={t('formEditor.noGroup')}
            className="h-7 flex-1 font-medium"
            onChange={(event) => onChange({ ...item, title: event.target.value })}
          />
          <Button
            variant="ghost"
            size="icon"
            className="text-muted-foreground"
            aria-label={t('formEditor.removeGroup', { name })}
            onClick={onRemove}
          >
            <Trash2Icon />
          </Button>
        </>
      ) : (
        <FieldControls item={item} onChange={onChange} />
      )}
    </fieldset>
  )
}

function FieldControls({
  item,
  onChange,
}: {
  item: Extract<LayoutItem, { kind: 'field' }>
  onChange: (item: LayoutItem) => void
}) {
  const { t } = useTranslation()
  const { field, widget, isHidden, isHalf } = item.place
  const set = (part: Partial<typeof item.place>) => onChange({ ...item, place: { ...item.place, ...part } })
  const choices = widgetsFor(field)
  return (
    <>
      <span
        className={cn(
          'min-w-0 flex-1 truncate font-mono text-xs',
          isHidden && 'text-muted-foreground line-through',
        )}
      >
        {field.key}
      </span>
      {choices.length > 1 ? (
        <Select value={widget} onValueChange={(next) => set({ widget: next as WidgetKind })}>
          <SelectTrigger size="sm" className="w-36" aria-label={t('formEditor.widgetOf', { key: field.key })}>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {choices.map((kind) => (
              <SelectItem key={kind} value={kind}>
                {t(`widget.${kind}`)}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      ) : (
        <span className="w-36 truncate px-2 text-xs text-muted-foreground">{t(`widget.${widget}`)}</span>
      )}
      <Button
        variant="ghost"
        size="icon"
        aria-pressed={isHalf}
        disabled={isWide(widget)}
        className={cn('text-muted-foreground', isHalf && 'bg-accent text-foreground')}
        aria-label={t('formEditor.half', { key: field.key })}
        title={t('formEditor.half', { key: field.key })}
        onClick={() => set({ isHalf: !isHalf })}
      >
        <ColumnsIcon />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-pressed={isHidden}
        className="text-muted-foreground"
        aria-label={t('formEditor.hide', { key: field.key })}
        title={t('formEditor.hide', { key: field.key })}
        onClick={() => set({ isHidden: !isHidden })}
      >
        {isHidden ? <EyeOffIcon /> : <EyeIcon />}
      </Button>
    </>
  )
}
