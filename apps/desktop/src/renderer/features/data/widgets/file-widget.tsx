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
import { ExternalLinkIcon, FileIcon, FolderOpenIcon, GripVerticalIcon, UploadIcon, XIcon } from 'lucide-react'
import { useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { errorText } from '@/app/errors/error-text.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { StoragePicker } from './storage-picker.tsx'
import { useStoredUrls, useUploader } from './stored-files.ts'
import { isAllowedType, isPicture, nameOfPath } from './stored-names.ts'
import { ariaOf, useFormParts, type WidgetProps } from './widget-props.ts'

interface Upload {
  id: number
  name: string
  share: number
  problem: string | null
}

/** Files of the project's storage: dropped or chosen here, in an order that can be changed. */
export function FileWidget(props: WidgetProps) {
  const { t } = useTranslation()
  const { field, value, onChange, isReadOnly } = props
  const paths = pathsIn(value)
  const latest = useRef(paths)
  latest.current = paths
  const set = (next: string[]) => onChange(field.multiple ? next : (next[0] ?? null))
  // Uploads end one by one, each on top of what is there by then.
  const add = (path: string) => {
    latest.current = field.multiple ? [...latest.current, path] : [path]
    set(latest.current)
  }
  const { uploads, start, dismiss } = useUploads(props, latest, add)
  const [isPicking, setPicking] = useState(false)
  const [isOver, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!isReadOnly) start([...event.dataTransfer.files])
  }
  return (
    <div
      className="grid gap-1.5"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {paths.length > 0 ? <FileList paths={paths} isReadOnly={isReadOnly} onChange={set} /> : null}
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} onDismiss={() => dismiss(upload.id)} />
      ))}
      {isReadOnly && paths.length === 0 ? (
        <span className="text-sm text-muted-foreground">{t('record.noFiles')}</span>
      ) : null}
      {isReadOnly ? null : (
        <AddBar
          parts={props}
          hasFiles={paths.length > 0}
          isOver={isOver}
          onFiles={start}
          onStored={() => setPicking(true)}
        />
      )}
      {isPicking ? (
        <StoragePicker
          title={t('record.fromStorage')}
          onClose={() => setPicking(false)}
          onChoose={(path) => {
            if (!paths.includes(path)) add(path)
            setPicking(false)
          }}
        />
      ) : null}
    </div>
  )
}

interface AddBarProps {
  parts: WidgetProps
  hasFiles: boolean
  /** Files are being dragged over it. */
  isOver: boolean
  onFiles: (files: File[]) => void
  onStored: () => void
}

/** The ways to add a file, and what is taken. */
function AddBar({ parts, hasFiles, isOver, onFiles, onStored }: AddBarProps) {
  const { t } = useTranslation()
  const { field } = parts
  const input = useRef<HTMLInputElement>(null)
  const uploadText = t(hasFiles && !field.multiple ? 'record.replaceFile' : 'record.upload')
  return (
    <div
      className={cn(
        'flex flex-wrap items-center gap-2 rounded-md border border-dashed border-input px-2.5 py-2 text-xs text-muted-foreground',
        isOver && 'border-foreground bg-accent text-foreground',
      )}
    >
      <Button
        {...ariaOf(parts)}
        aria-label={uploadText}
        variant="outline"
        size="sm"
        onClick={() => input.current?.click()}
      >
        <UploadIcon className="size-3.5" /> {uploadText}
      </Button>
      <Button variant="ghost" size="sm" onClick={onStored}>
        <FolderOpenIcon className="size-3.5" /> {t('record.fromStorage')}
      </Button>
      <span className="min-w-0">{useLimits(parts)}</span>
      <input
        ref={input}
        type="file"
        hidden
        multiple={field.multiple === true}
        accept={field.mimeTypes?.join(',')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </div>
  )
}

const pathsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : []

const mostOf = ({ field }: WidgetProps): number => (field.multiple ? Number(field.max ?? 1000) : 1)

function useLimits(props: WidgetProps): string {
  const { t, i18n } = useTranslation()
  const { field } = props
  const parts: string[] = [t('record.dropHere')]
  if (field.mimeTypes?.length) parts.push(field.mimeTypes.join(', '))
  if (field.maxSizeBytes !== undefined)
    parts.push(t('record.upTo', { size: formatBytes(field.maxSizeBytes, i18n.language) }))
  if (field.multiple && field.max !== undefined)
    parts.push(t('record.mostFiles', { count: Number(field.max) }))
  return parts.join(' · ')
}

/** What is refused is said before a byte goes; the agent has the last word when the record is saved. */
function useUploads(props: WidgetProps, latest: { current: string[] }, add: (path: string) => void) {
  const { t, i18n } = useTranslation()
  const { field } = props
  const { slug } = useFormParts()
  const upload = useUploader()
  const [uploads, setUploads] = useState<Upload[]>([])
  const next = useRef(0)
  const patch = (id: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)))
  const dismiss = (id: number) => setUploads((all) => all.filter((one) => one.id !== id))

  function refusal(file: File, place: number): string | null {
    if (place >= mostOf(props)) return t('record.tooManyFiles', { count: mostOf(props) })
    if (field.maxSizeBytes !== undefined && file.size > field.maxSizeBytes)
      return t('record.tooLarge', { size: formatBytes(field.maxSizeBytes, i18n.language) })
    return isAllowedType(file.type, field.mimeTypes)
      ? null
      : t('record.wrongType', { types: field.mimeTypes!.join(', ') })
  }

  const start = (files: readonly File[]) => {
    const chosen = field.multiple ? files : files.slice(0, 1)
    const taken = field.multiple ? latest.current.length : 0
    for (const [index, file] of chosen.entries()) {
      const id = (next.current += 1)
      const problem = refusal(file, taken + index)
      setUploads((all) => [...all, { id, name: file.name, share: 0, problem }])
      if (problem) continue
      upload(file, `records/${slug}`, { onProgress: (share) => patch(id, { share }) }).then(
        (path) => {
          dismiss(id)
          add(path)
        },
        (error: unknown) => patch(id, { problem: errorText(describeError(error), t) }),
      )
    }
  }
  return { uploads, start, dismiss }
}

function UploadRow({ upload, onDismiss }: { upload: Upload; onDismiss: () => void }) {
  const { t } = useTranslation()
  return (
    <div
      role={upload.problem ? 'alert' : 'status'}
      className="relative flex min-h-9 items-center gap-2 overflow-hidden rounded-md border px-2.5 py-1 text-sm"
    >
      <span className="min-w-0 flex-1 truncate">{upload.name}</span>
      {upload.problem ? (
        <span className="text-xs text-destructive">{upload.problem}</span>
      ) : (
        <span className="text-xs text-muted-foreground tabular">{Math.round(upload.share * 100)} %</span>
      )}
      {upload.problem ? (
        <Button variant="ghost" size="icon-sm" aria-label={t('action.close')} onClick={onDismiss}>
          <XIcon />
        </Button>
      ) : (
        <span
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-foreground"
          style={{ transform: `scaleX(${upload.share})` }}
        />
      )}
    </div>
  )
}

interface FileListProps {
  paths: string[]
  isReadOnly: boolean
  onChange: (paths: string[]) => void
}

function FileList({ paths, isReadOnly, onChange }: FileListProps) {
  const urls = useStoredUrls(paths)
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id)
      onChange(arrayMove(paths, paths.indexOf(String(active.id)), paths.indexOf(String(over.id))))
  }
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
      <SortableContext items={paths} strategy={verticalListSortingStrategy}>
        <ul className="grid gap-1">
          {paths.map((path) => (
            <FileRow
              key={path}
              path={path}
              url={urls.get(path)}
              canMove={!isReadOnly && paths.length > 1}
              onRemove={isReadOnly ? null : () => onChange(paths.filter((other) => other !== path))}
            />
          ))}
        </ul>
      </SortableContext>
    </DndContext>
  )
}

interface FileRowProps {
  path: string
  url: string | undefined
  canMove: boolean
  onRemove: (() => void) | null
}

function FileRow({ path, url, canMove, onRemove }: FileRowProps) {
  const { t } = useTranslation()
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({ id: path })
  const name = nameOfPath(path)
  return (
    <li
      ref={setNodeRef}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={cn(
        'flex items-center gap-2 rounded-md border bg-background p-1.5',
        isDragging && 'z-10 shadow-md',
      )}
    >
      {canMove ? (
        <button
          type="button"
          {...attributes}
          {...listeners}
          aria-label={t('record.move', { name })}
          className="cursor-grab touch-none rounded-xs p-0.5 text-muted-foreground hover:text-foreground"
        >
          <GripVerticalIcon className="size-3.5" />
        </button>
      ) : null}
      {isPicture(path) && url ? (
        <img src={url} alt="" className="size-10 shrink-0 rounded-sm border object-cover" />
      ) : (
        <span className="grid size-10 shrink-0 place-items-center rounded-sm border bg-muted text-muted-foreground">
          <FileIcon className="size-4" />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm">{name}</p>
        <p className="truncate font-mono text-2xs text-muted-foreground">{path}</p>
      </div>
      {url ? (
        <Button asChild variant="ghost" size="icon-sm">
          <a href={url} target="_blank" rel="noreferrer" aria-label={t('record.openFile', { name })}>
            <ExternalLinkIcon />
          </a>
        </Button>
      ) : null}
      {onRemove ? (
        <Button variant="ghost" size="icon-sm" aria-label={t('record.takeOut', { name })} onClick={onRemove}>
          <XIcon />
        </Button>
      ) : null}
    </li>
  )
}
