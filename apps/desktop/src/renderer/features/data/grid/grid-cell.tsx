import type { DataRecord } from '@m3m/core/client'
import { CheckIcon, TriangleAlertIcon, XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { hasPreview } from '@/app/files/file-kind.ts'
import { Thumbnail } from '@/app/files/thumbnail.tsx'
import { Badge } from '@/ui/badge.tsx'
import { cellText, plainText } from '../field-values.ts'
import type { GridColumn } from './columns.ts'

/** Names shown of a field with several; the rest is a number. */
const MOST = 3

export const isEmptyCell = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

interface GridCellProps {
  column: Pick<GridColumn, 'key' | 'field'>
  record: DataRecord
  projectId: string
  /** Inside a button: nothing that can be pressed itself. */
  isPlain?: boolean
  onOpenRef?: (slug: string, id: string) => void
}

/** A value as its type reads best, on one line. */
export function GridCell({ column, record, projectId, isPlain = false, onOpenRef }: GridCellProps) {
  const { field } = column
  const value = record[column.key]
  if (isEmptyCell(value)) return <span aria-hidden />
  switch (field.type) {
    case 'bool':
      return <Truth isTrue={value === true} />
    case 'date':
    case 'datetime':
    case 'autodate':
      return <Moment field={field} value={String(value)} />
    case 'select':
    case 'multiselect':
      return <Chips texts={listOf(value)} />
    case 'email':
    case 'url':
      return isPlain ? String(value) : <Outside type={field.type} text={String(value)} />
    case 'file':
      return <Files paths={listOf(value)} updatedAt={String(record.updatedAt)} projectId={projectId} />
    case 'ref':
      return <Refs column={column} record={record} {...(!isPlain && onOpenRef && { onOpenRef })} />
    case 'document':
      return <code className="truncate text-xs text-muted-foreground">{JSON.stringify(value)}</code>
    case 'text':
      return (
        <span className="truncate">
          {field.format === 'html' ? plainText(String(value)) : cellText(field, value)}
        </span>
      )
    default:
      return column.key === 'id' ? (
        <code className="truncate text-xs text-muted-foreground">{String(value)}</code>
      ) : (
        <span className="truncate" title={String(value)}>
          {cellText(field, value)}
        </span>
      )
  }
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)])

function Truth({ isTrue }: { isTrue: boolean }) {
  const { t } = useTranslation()
  const Icon = isTrue ? CheckIcon : XIcon
  return (
    <span
      className={
        isTrue ? 'inline-flex items-center gap-1' : 'inline-flex items-center gap-1 text-muted-foreground'
      }
    >
      <Icon aria-hidden className="size-3.5" />
      <span className="text-xs">{t(isTrue ? 'record.yes' : 'record.no')}</span>
    </span>
  )
}

/** In the person's zone; the pointer shows what is stored. */
function Moment({ field, value }: { field: GridColumn['field']; value: string }) {
  const utc = field.type === 'date' ? value : `${value.slice(0, 19).replace('T', ' ')} UTC`
  return (
    <time
      dateTime={value}
      title={utc}
      className="font-mono text-xs whitespace-nowrap text-muted-foreground tabular"
    >
      {cellText(field, value)}
    </time>
  )
}

function Chips({ texts }: { texts: readonly string[] }) {
  return (
    <span className="inline-flex min-w-0 gap-1" title={texts.join(', ')}>
      {texts.slice(0, MOST).map((text) => (
        <Badge key={text} className="h-5 min-w-0 border-input">
          <span className="truncate">{text}</span>
        </Badge>
      ))}
      <More count={texts.length} />
    </span>
  )
}

const More = ({ count }: { count: number }) =>
  count > MOST ? <span className="self-center text-xs text-muted-foreground">+{count - MOST}</span> : null

/** Only addresses that lead to the web or to a mailbox become links. */
function Outside({ type, text }: { type: 'email' | 'url'; text: string }) {
  const href = type === 'email' ? `mailto:${text}` : text
  if (type === 'url' && !/^https?:\/\//i.test(text)) return <span className="truncate">{text}</span>
  return (
    <a
      href={href}
      tabIndex={-1}
      target="_blank"
      rel="noopener noreferrer"
      title={text}
      className="truncate underline-offset-2 hover:underline"
    >
      {text}
    </a>
  )
}

interface FilesProps {
  paths: readonly string[]
  updatedAt: string
  projectId: string
}

function Files({ paths, updatedAt, projectId }: FilesProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      {paths.slice(0, MOST).map((path) => {
        const name = path.split('/').at(-1)!
        return hasPreview(path) ? (
          <span key={path} title={name}>
            <Thumbnail projectId={projectId} file={{ path, name: path, updatedAt }} className="size-6" />
          </span>
        ) : (
          <span key={path} className="truncate text-xs" title={path}>
            {name}
          </span>
        )
      })}
      <More count={paths.length} />
    </span>
  )
}

interface RefsProps {
  column: Pick<GridColumn, 'key' | 'field'>
  record: DataRecord
  onOpenRef?: (slug: string, id: string) => void
}

/** The label of what it points at; the end of its id when that has none. What is gone is marked, and opens nothing. */
function Refs({ column, record, onOpenRef }: RefsProps) {
  const { t } = useTranslation()
  const ids = listOf(record[column.key])
  const expanded = record.expand?.[column.key]
  const there = recordsIn(expanded)
  const labels = labelsOf(there)
  const isGone = (id: string) => expanded !== undefined && !there.some((one) => one.id === id)
  return (
    <span className="inline-flex min-w-0 gap-1">
      {ids.slice(0, MOST).map((id) => {
        const label = labels.get(id)
        const text = label ?? <code className="text-xs">{id.slice(-6)}</code>
        const look = 'max-w-44 truncate rounded-sm border border-input px-1.5 text-xs leading-5'
        if (isGone(id)) return <GoneRef key={id} id={id} />
        return onOpenRef && column.field.refModel ? (
          <button
            key={id}
            type="button"
            tabIndex={-1}
            title={label ?? id}
            aria-label={t('grid.openRef', { name: label ?? id })}
            onClick={() => onOpenRef(column.field.refModel!, id)}
            className={`${look} hover:border-ring hover:bg-accent`}
          >
            {text}
          </button>
        ) : (
          <span key={id} className={look}>
            {text}
          </span>
        )
      })}
      <More count={ids.length} />
    </span>
  )
}

function GoneRef({ id }: { id: string }) {
  const { t } = useTranslation()
  return (
    <span
      title={`${id} ${t('record.refGone')}`}
      className="inline-flex min-w-0 items-center gap-1 rounded-sm border border-dashed border-destructive/60 px-1.5 text-xs leading-5 text-destructive"
    >
      <TriangleAlertIcon aria-hidden className="size-3 shrink-0" />
      <code className="truncate text-xs line-through">{id.slice(-6)}</code>
      <span className="sr-only">{t('record.refGone')}</span>
    </span>
  )
}

function recordsIn(expanded: unknown): DataRecord[] {
  return (Array.isArray(expanded) ? expanded : [expanded]).filter(
    (one): one is DataRecord => typeof one === 'object' && one !== null,
  )
}

/** An expanded ref has the one field that was asked for, besides what every record has. */
function labelsOf(records: readonly DataRecord[]): ReadonlyMap<string, string> {
  return new Map(
    records.flatMap((record) => {
      const label = Object.entries(record).find(
        ([key, value]) =>
          !SYSTEM.has(key) && (typeof value === 'string' || typeof value === 'number') && value !== '',
      )
      return label ? [[record.id, String(label[1])] as const] : []
    }),
  )
}

const SYSTEM = new Set(['id', '_id', 'createdAt', 'updatedAt', 'version', 'expand'])
