import { revealedText } from '@m3m/core/client'
import type { StoredEntry } from '@m3m/core/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react'
import {
  memo,
  useEffect,
  useRef,
  useState,
  type DragEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import { useTranslation } from 'react-i18next'
import { Thumbnail } from '@/app/files/thumbnail.tsx'
import { formatBytes } from '@/i18n/format.ts'
import { cn } from '@/ui/cn.ts'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { HonestName } from '@/ui/honest-name.tsx'
import { folderOf, type EntrySort, type SortColumn } from './entries.ts'
import { DragOut } from './drag-out.tsx'
import { DRAG_TYPE } from './path-bar.tsx'
import type { Selection } from './use-selection.ts'

const ROW_PX = 34
const TILE_PX = { width: 124, height: 132 }

interface EntryViewProps {
  projectId: string
  entries: readonly StoredEntry[]
  isGrid: boolean
  /** Results of a search show where they lie. */
  showsFolder: boolean
  selection: Selection
  sort: EntrySort
  cutPaths: ReadonlySet<string>
  mayWrite: boolean
  onSort: (column: SortColumn) => void
  onOpen: (entry: StoredEntry) => void
  onDropInto: (path: string) => void
  onKeyDown: (event: KeyboardEvent) => void
  menuOf: (entry: StoredEntry) => ReactNode
}

/** The entries of a folder as rows or tiles; only what is seen is drawn. */
export function EntryView(props: EntryViewProps) {
  const { entries, isGrid, selection } = props
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const columns = isGrid ? Math.max(1, Math.floor((width - 16) / TILE_PX.width)) : 1
  const virtualizer = useVirtualizer({
    count: Math.ceil(entries.length / columns),
    getScrollElement: () => box.current,
    estimateSize: () => (isGrid ? TILE_PX.height : ROW_PX),
    overscan: 6,
  })
  useEffect(() => virtualizer.measure(), [isGrid, columns, virtualizer])
  const { cursor } = selection
  useEffect(() => {
    if (cursor >= 0) virtualizer.scrollToIndex(Math.floor(cursor / columns))
  }, [cursor, columns, virtualizer])

  const onKeyDown = (event: KeyboardEvent) => {
    const next = steppedTo(event.key, { cursor, columns, count: entries.length })
    if (next === null) return props.onKeyDown(event)
    event.preventDefault()
    selection.pick(next, { isRange: event.shiftKey })
  }
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      {isGrid ? null : <Heads {...props} />}
      <div
        ref={box}
        role="listbox"
        aria-multiselectable
        aria-label={t('storage.files')}
        aria-activedescendant={cursor >= 0 ? `entry-${cursor}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          if (event.target === event.currentTarget) selection.clear()
        }}
        className={cn(
          'min-h-0 flex-1 overflow-y-auto outline-none focus-visible:ring-1 focus-visible:ring-ring/60 focus-visible:ring-inset',
          isGrid && 'p-2',
        )}
      >
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((line) => (
            <div
              key={line.key}
              role="presentation"
              className="absolute inset-x-0 top-0 flex"
              style={{ transform: `translateY(${line.start}px)`, height: line.size }}
            >
              {entries.slice(line.index * columns, (line.index + 1) * columns).map((entry, at) => (
                <Entry key={entry.path} {...props} entry={entry} index={line.index * columns + at} />
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

/** Where a key leads; `null` when it is no key of moving. */
function steppedTo(
  key: string,
  { cursor, columns, count }: { cursor: number; columns: number; count: number },
) {
  if (count === 0) return null
  const page = columns * 10
  const steps: Record<string, number> = {
    ArrowDown: cursor < 0 ? 0 : cursor + columns,
    ArrowUp: cursor - columns,
    Home: 0,
    End: count - 1,
    PageDown: cursor + page,
    PageUp: cursor - page,
    ...(columns > 1 && { ArrowRight: cursor + 1, ArrowLeft: cursor - 1 }),
  }
  const next = steps[key]
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1)
}

function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width))
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [box])
  return width
}

/** The app has a handle more for taking a file out of it. */
const COLUMNS = cn(
  'grid w-full items-center',
  window.m3m
    ? 'grid-cols-[minmax(0,1fr)_5.5rem_3.75rem] sm:grid-cols-[minmax(0,1fr)_6rem_9rem_3.75rem]'
    : 'grid-cols-[minmax(0,1fr)_5.5rem_2.25rem] sm:grid-cols-[minmax(0,1fr)_6rem_9rem_2.25rem]',
)

function Heads({ sort, onSort }: EntryViewProps) {
  const { t } = useTranslation()
  const current = sort?.replace('-', '') ?? 'name'
  const isDown = sort?.startsWith('-') ?? false
  const head = (column: SortColumn, className: string) => (
    <button
      type="button"
      aria-label={t('storage.sortBy', { column: t(`storage.column.${column}`) })}
      aria-pressed={current === column}
      onClick={() => onSort(column)}
      className={cn('flex h-full items-center gap-1 rounded-xs px-3 hover:text-foreground', className)}
    >
      {t(`storage.column.${column}`)}
      {current === column ? (
        isDown ? (
          <ArrowDownIcon className="size-3" />
        ) : (
          <ArrowUpIcon className="size-3" />
        )
      ) : null}
    </button>
  )
  return (
    <div className={cn(COLUMNS, 'h-8 shrink-0 border-b text-xs font-medium text-muted-foreground')}>
      {head('name', '')}
      {head('size', 'justify-end')}
      {head('changed', 'hidden sm:flex')}
    </div>
  )
}

interface EntryProps extends EntryViewProps {
  entry: StoredEntry
  index: number
}

/** Kept as it is while the list is scrolled: only what comes into sight is drawn. */
const Entry = memo(function Entry(props: EntryProps) {
  const { entry, index, selection, isGrid, cutPaths, mayWrite, onOpen, onDropInto } = props
  const [isOver, setOver] = useState(false)
  const isSelected = selection.paths.has(entry.path)
  const accepts = (event: DragEvent) =>
    mayWrite && entry.kind === 'folder' && !isSelected && event.dataTransfer.types.includes(DRAG_TYPE)
  const onClick = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest('[data-menu]')) return
    selection.pick(index, { isToggle: event.ctrlKey || event.metaKey, isRange: event.shiftKey })
    // A finger has no double click.
    const isTouch = (event.nativeEvent as PointerEvent).pointerType === 'touch'
    if (isTouch) onOpen(entry)
  }
  return (
    <div
      id={`entry-${index}`}
      role="option"
      aria-selected={isSelected}
      aria-label={revealedText(entry.name)}
      draggable={mayWrite}
      onClick={onClick}
      onDoubleClick={() => onOpen(entry)}
      onContextMenu={() => {
        if (!isSelected) selection.pick(index)
      }}
      onDragStart={(event) => {
        if (!isSelected) selection.pick(index)
        event.dataTransfer.setData(DRAG_TYPE, entry.path)
        event.dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(event) => {
        if (!accepts(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (!accepts(event)) return
        event.preventDefault()
        onDropInto(entry.path)
      }}
      className={cn(
        'group cursor-default select-none',
        isGrid
          ? 'relative m-0.5 flex flex-col items-center gap-1.5 rounded-md border border-transparent p-2'
          : cn(COLUMNS, 'border-b text-sm'),
        isSelected ? 'bg-accent text-accent-foreground' : 'hover:bg-accent/50',
        isSelected && isGrid && 'border-ring/40',
        selection.cursor === index &&
          'in-focus-visible:ring-1 in-focus-visible:ring-ring in-focus-visible:ring-inset',
        isOver && 'bg-accent ring-2 ring-ring ring-inset',
        cutPaths.has(entry.path) && 'opacity-50',
      )}
      style={isGrid ? { width: TILE_PX.width - 4, height: TILE_PX.height - 4 } : undefined}
    >
      {isGrid ? <Tile {...props} /> : <Row {...props} />}
    </div>
  )
})

function Row({ projectId, entry, showsFolder, menuOf }: EntryProps) {
  const { t, i18n } = useTranslation()
  const folder = folderOf(entry.path)
  return (
    <>
      <span className="flex min-w-0 items-center gap-2.5 px-3">
        <Thumbnail projectId={projectId} file={entry} className="size-6" />
        <HonestName name={entry.name} className="truncate" />
        {showsFolder ? (
          <HonestName name={folder || t('storage.root')} className="truncate text-xs text-muted-foreground" />
        ) : null}
      </span>
      <span className="px-3 text-right font-mono text-xs whitespace-nowrap text-muted-foreground tabular">
        {entry.kind === 'file' ? formatBytes(entry.sizeBytes, i18n.language) : ''}
      </span>
      <span className="hidden truncate px-3 text-xs text-muted-foreground sm:block">
        <TimeAgo at={entry.updatedAt} />
      </span>
      <span data-menu className="flex items-center justify-center">
        {window.m3m && entry.kind === 'file' ? <DragOut projectId={projectId} path={entry.path} /> : null}
        {menuOf(entry)}
      </span>
    </>
  )
}

function Tile({ projectId, entry, menuOf }: EntryProps) {
  const { i18n } = useTranslation()
  return (
    <>
      <Thumbnail projectId={projectId} file={entry} size={100} className="size-16" />
      <span className="line-clamp-2 w-full text-center text-xs break-words" title={revealedText(entry.name)}>
        <HonestName name={entry.name} />
      </span>
      {entry.kind === 'file' ? (
        <span className="sr-only">{formatBytes(entry.sizeBytes, i18n.language)}</span>
      ) : null}
      <span
        data-menu
        className="absolute top-1 right-1 opacity-0 group-hover:opacity-100 focus-within:opacity-100 has-data-[state=open]:opacity-100"
      >
        {menuOf(entry)}
      </span>
    </>
  )
}
