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
import { GripVerticalIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { sameValue } from '../form/same-value.ts'
import { clampWidth } from '../grid/columns.ts'
import { useSchemaChange } from '../schema/use-schema-change.ts'
import { canSort, configFrom, settingsOf, type ColumnSetting } from './table-config.ts'

/** How the table begins for everyone: order, width, and what a column may be asked for. Views go on from here. */
export function TableEditor({ model }: { model: Model }) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  const [settings, setSettings] = useState(() => settingsOf(model))
  const change = useSchemaChange(model)
  const isChanged = !sameValue(settings, settingsOf(model))
  const save = () => change.apply({ table: configFrom(settings, model.table) })
  useShortcut('Mod+S', save, mayWrite && isChanged)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid max-w-4xl grid-cols-1 gap-3 p-4 sm:p-6">
          <p className="text-xs text-muted-foreground">{t('tableEditor.hint')}</p>
          <ColumnList settings={settings} isReadOnly={!mayWrite} onChange={setSettings} />
          {change.error ? <ErrorState error={change.error} /> : null}
        </div>
      </div>
      {mayWrite && isChanged ? (
        <footer className="flex shrink-0 items-center justify-end gap-2 border-t px-4 py-2.5">
          <Button variant="ghost" onClick={() => setSettings(settingsOf(model))}>
            {t('action.discard')}
          </Button>
          <Button disabled={change.isPending} onClick={save}>
            {t('tableEditor.save')}
          </Button>
        </footer>
      ) : null}
      <LeaveGuard isChanged={isChanged} />
    </div>
  )
}

const GRID = 'grid grid-cols-[1.75rem_minmax(7rem,1fr)_repeat(4,4.5rem)_5.5rem] items-center gap-x-2'
/** In the order of their columns. */
const SWITCHES = ['isShown', 'isSortable', 'isFilterable', 'isSearchable'] as const

interface ColumnListProps {
  settings: readonly ColumnSetting[]
  isReadOnly: boolean
  onChange: (settings: ColumnSetting[]) => void
}

function ColumnList({ settings, isReadOnly, onChange }: ColumnListProps) {
  const { t } = useTranslation()
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return
    const at = (id: string | number) => settings.findIndex(({ key }) => key === id)
    onChange(arrayMove([...settings], at(active.id), at(over.id)))
  }
  const shown = settings.filter(({ isShown }) => isShown).length
  return (
    <div className="overflow-x-auto rounded-md border">
      <div className="min-w-[40rem]">
        <div className={cn(GRID, 'h-8 border-b px-2 text-xs font-medium text-muted-foreground')}>
          <span />
          <span>{t('tableEditor.column')}</span>
          {SWITCHES.map((one) => (
            <span key={one} className="text-center">
              {t(`tableEditor.${one}`)}
            </span>
          ))}
          <span className="text-right">{t('tableEditor.width')}</span>
        </div>
        <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
          <SortableContext items={settings.map(({ key }) => key)} strategy={verticalListSortingStrategy}>
            {settings.map((setting) => (
              <ColumnRow
                key={setting.key}
                setting={setting}
                isReadOnly={isReadOnly}
                isLast={setting.isShown && shown === 1}
                onChange={(next) => onChange(settings.map((one) => (one.key === next.key ? next : one)))}
              />
            ))}
          </SortableContext>
        </DndContext>
      </div>
    </div>
  )
}

interface ColumnRowProps {
  setting: ColumnSetting
  isReadOnly: boolean
  /** The last one that is shown stays. */
  isLast: boolean
  onChange: (setting: ColumnSetting) => void
}

function ColumnRow({ setting, isReadOnly, isLast, onChange }: ColumnRowProps) {
  const { t } = useTranslation()
  const { key, field, isSystem } = setting
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: key,
    disabled: isReadOnly,
  })
  const fits = (one: (typeof SWITCHES)[number]) =>
    one === 'isSearchable' ? setting.isSearchable !== null : one === 'isSortable' ? canSort(field) : true
  return (
    <div
      ref={setNodeRef}
      role="group"
      aria-label={key}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={cn(
        GRID,
        'h-9 border-b bg-background px-2 last:border-b-0',
        isDragging && 'relative z-10 shadow-md',
      )}
    >
      <button
        type="button"
        {...attributes}
        {...listeners}
        disabled={isReadOnly}
        aria-label={t('tableEditor.move', { key })}
        className="cursor-grab touch-none rounded-xs p-0.5 text-muted-foreground hover:text-foreground disabled:invisible"
      >
        <GripVerticalIcon className="size-3.5" />
      </button>
      <span className="flex min-w-0 items-baseline gap-2">
        <span className={cn('truncate text-sm', isSystem && 'text-muted-foreground')}>
          {field.label ?? key}
        </span>
        <code className="truncate text-2xs text-muted-foreground">
          {isSystem ? t('tableEditor.system') : field.type}
        </code>
      </span>
      {SWITCHES.map((one) => (
        <span key={one} className="grid place-items-center">
          {fits(one) ? (
            <Checkbox
              checked={setting[one] === true}
              disabled={isReadOnly || (one === 'isShown' && isLast)}
              aria-label={`${key}: ${t(`tableEditor.${one}`)}`}
              onCheckedChange={(isOn) => onChange({ ...setting, [one]: isOn === true })}
            />
          ) : (
            <span aria-hidden className="text-muted-foreground">
              –
            </span>
          )}
        </span>
      ))}
      <WidthInput
        width={setting.width}
        label={`${key}: ${t('tableEditor.width')}`}
        isReadOnly={isReadOnly}
        onWidth={(width) => onChange({ ...setting, width })}
      />
    </div>
  )
}

interface WidthInputProps {
  width: number
  label: string
  isReadOnly: boolean
  onWidth: (width: number) => void
}

/** Pixels; what is typed is bounded when it is left. */
function WidthInput({ width, label, isReadOnly, onWidth }: WidthInputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const commit = () => {
    if (typed !== null && /^\d+$/.test(typed)) onWidth(clampWidth(Number(typed)))
    setTyped(null)
  }
  return (
    <Input
      value={typed ?? String(width)}
      inputMode="numeric"
      readOnly={isReadOnly}
      aria-label={label}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      className="h-7 text-right font-mono text-xs tabular"
    />
  )
}
