import type { DataRecord, Model } from '@m3m/core/client'
import {
  ArrowDownIcon,
  ArrowUpIcon,
  CheckIcon,
  PlusIcon,
  SquarePenIcon,
  TriangleAlertIcon,
  XIcon,
} from 'lucide-react'
import { Suspense, use, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '@/ui/command.tsx'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { recordLabel } from '../record-label.ts'
import { useFoundRecords, useRecordsById, useTargetModel } from './ref-records.ts'
import { ariaOf, StackedRecordContext, type WidgetProps } from './widget-props.ts'

const idsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : []

/** Records of another model: found by their label, opened, made anew; several have an order. */
export function RefWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const { field, value, onChange, isReadOnly } = props
  const ids = idsIn(value)
  const target = useTargetModel(field.refModel)
  const { byId, isPending } = useRecordsById(target?.slug, ids)
  const [opened, setOpened] = useState<string | null>(null)
  const StackedRecord = use(StackedRecordContext)
  const set = (next: string[]) => onChange(field.multiple ? next : (next[0] ?? null))
  const add = (id: string) => set(field.multiple ? [...ids.filter((other) => other !== id), id] : [id])
  const move = (at: number, by: number) => {
    const next = [...ids]
    const [moved] = next.splice(at, 1)
    next.splice(at + by, 0, moved!)
    set(next)
  }
  return (
    <div className="grid gap-1">
      {ids.map((id, index) => (
        <RefRow
          key={id}
          target={target}
          record={byId.get(id)}
          id={id}
          isPending={isPending}
          onOpen={() => setOpened(id)}
          onRemove={isReadOnly ? null : () => set(ids.filter((other) => other !== id))}
          onUp={!isReadOnly && index > 0 ? () => move(index, -1) : null}
          onDown={!isReadOnly && index < ids.length - 1 ? () => move(index, 1) : null}
        />
      ))}
      {isReadOnly ? (
        ids.length === 0 ? (
          <span className="text-sm text-muted-foreground">{t('data.setNull')}</span>
        ) : null
      ) : (
        <RefPicker
          {...props}
          target={target}
          ids={ids}
          onPick={add}
          onDrop={(id) => set(ids.filter((other) => other !== id))}
          onNew={() => setOpened(NEW)}
        />
      )}
      {opened !== null && target && StackedRecord ? (
        <Suspense>
          <StackedRecord
            model={target}
            recordId={opened === NEW ? null : opened}
            onClose={() => setOpened(null)}
            onCreated={(record) => add(record.id)}
          />
        </Suspense>
      ) : null}
    </div>
  )
}

const NEW = 'new'

interface RefRowProps {
  target: Model | undefined
  record: DataRecord | undefined
  id: string
  isPending: boolean
  onOpen: () => void
  onRemove: (() => void) | null
  onUp: (() => void) | null
  onDown: (() => void) | null
}

function RefRow({ target, record, id, isPending, onOpen, onRemove, onUp, onDown }: RefRowProps) {
  const { t } = useTranslation()
  const label = record && target ? recordLabel(target, record) : id
  const isGone = !record && !isPending
  return (
    <div className="flex min-h-8 items-center gap-1 rounded-md border bg-background py-0.5 pr-1 pl-2.5">
      <button
        type="button"
        disabled={!record}
        onClick={onOpen}
        title={t('record.openRef', { name: label })}
        className="flex min-w-0 flex-1 items-center gap-2 rounded-xs text-left text-sm enabled:hover:underline"
      >
        {isGone ? <TriangleAlertIcon className="size-3.5 shrink-0 text-destructive" /> : null}
        <span className="truncate">{label}</span>
        {isGone ? <span className="shrink-0 text-xs text-destructive">{t('record.refGone')}</span> : null}
        {record && label !== id ? (
          <code className="hidden shrink-0 text-2xs text-muted-foreground sm:inline">{id.slice(-6)}</code>
        ) : null}
      </button>
      {onUp || onDown ? (
        <>
          <Button
            variant="ghost"
            size="icon-sm"
            disabled={!onUp}
            aria-label={t('record.moveUp', { name: label })}
            onClick={onUp ?? undefined}
          >
            <ArrowUpIcon />
          </Button>
          <Button
            variant="ghost"
            size="icon-sm"
            disabled={!onDown}
            aria-label={t('record.moveDown', { name: label })}
            onClick={onDown ?? undefined}
          >
            <ArrowDownIcon />
          </Button>
        </>
      ) : null}
      {record ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('record.openRef', { name: label })}
          onClick={onOpen}
        >
          <SquarePenIcon />
        </Button>
      ) : null}
      {onRemove ? (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('record.takeOut', { name: label })}
          onClick={onRemove}
        >
          <XIcon />
        </Button>
      ) : null}
    </div>
  )
}

interface RefPickerProps extends WidgetProps {
  target: Model | undefined
  ids: readonly string[]
  onPick: (id: string) => void
  onDrop: (id: string) => void
  onNew: () => void
}

function RefPicker({ target, ids, onPick, onDrop, onNew, ...props }: RefPickerProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const [isOpen, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const found = useFoundRecords(target?.slug, search, isOpen)
  const { field } = props
  const pick = (id: string) => {
    if (ids.includes(id)) onDrop(id)
    else onPick(id)
    if (!field.multiple) setOpen(false)
  }
  const name = target?.name ?? field.refModel ?? ''
  const text =
    ids.length > 0 && !field.multiple ? t('record.pickOther', { name }) : t('record.pick', { name })
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          {...ariaOf(props)}
          aria-label={text}
          variant="outline"
          size="sm"
          disabled={!target}
          className="justify-self-start"
        >
          <PlusIcon className="size-3.5" />
          {text}
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-80 p-0">
        <Command shouldFilter={false}>
          <CommandInput
            value={search}
            onValueChange={setSearch}
            placeholder={t('record.findIn', { name })}
            aria-label={t('record.findIn', { name })}
          />
          <CommandList className="max-h-72">
            {found.isPending ? null : (
              <CommandEmpty>{t(search ? 'data.noMatch' : 'data.noRecords')}</CommandEmpty>
            )}
            <CommandGroup>
              {target
                ? (found.data?.items ?? []).map((record) => (
                    <CommandItem key={record.id} value={record.id} onSelect={() => pick(record.id)}>
                      <span className="min-w-0 flex-1 truncate">{recordLabel(target, record)}</span>
                      {ids.includes(record.id) ? (
                        <CheckIcon />
                      ) : (
                        <code className="text-2xs text-muted-foreground">{record.id.slice(-6)}</code>
                      )}
                    </CommandItem>
                  ))
                : null}
            </CommandGroup>
            {mayWrite && !found.isPending ? (
              <CommandGroup className="border-t">
                <CommandItem
                  value="new"
                  onSelect={() => {
                    setOpen(false)
                    onNew()
                  }}
                >
                  <PlusIcon /> {t('record.createRef', { name })}
                </CommandItem>
              </CommandGroup>
            ) : null}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  )
}
