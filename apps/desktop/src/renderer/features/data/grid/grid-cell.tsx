import type { DataRecord, Field } from '@m3m/core/client'
import { CheckIcon } from 'lucide-react'
import { Thumbnail } from '@/app/files/thumbnail.tsx'
import { hasPreview } from '@/app/files/file-kind.ts'
import { Badge } from '@/ui/badge.tsx'
import { cellText } from '../field-values.ts'

export type Column = Pick<Field, 'key' | 'type'>

/** Names shown of a field with several; the rest is a number. */
const MOST = 3

/** A value as its type reads best, on one line. */
export function GridCell({
  column,
  record,
  projectId,
}: {
  column: Column
  record: DataRecord
  projectId: string
}) {
  const value = record[column.key]
  if (value === true) return <CheckIcon aria-label="true" className="size-3.5" />
  if (value === false) return <span className="text-muted-foreground">–</span>
  if (value === null || value === undefined || value === '') return <span aria-hidden />
  switch (column.type) {
    case 'date':
    case 'datetime':
    case 'autodate':
      return (
        <span className="font-mono text-xs whitespace-nowrap text-muted-foreground tabular">
          {cellText(column, value)}
        </span>
      )
    case 'select':
    case 'multiselect':
      return <Chips texts={listOf(value)} />
    case 'email':
    case 'url':
      return <Outside type={column.type} text={String(value)} />
    case 'file':
      return <Files paths={listOf(value)} updatedAt={String(record.updatedAt)} projectId={projectId} />
    case 'ref':
      return <span className="font-mono text-xs text-muted-foreground">{listOf(value).join(', ')}</span>
    default:
      return cellText(column, value)
  }
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)])

function Chips({ texts }: { texts: readonly string[] }) {
  return (
    <span className="inline-flex gap-1">
      {texts.slice(0, MOST).map((text) => (
        <Badge key={text}>{text}</Badge>
      ))}
      {texts.length > MOST ? (
        <span className="text-xs text-muted-foreground">+{texts.length - MOST}</span>
      ) : null}
    </span>
  )
}

/** Only addresses that lead to the web or to a mailbox become links. */
function Outside({ type, text }: { type: 'email' | 'url'; text: string }) {
  const href = type === 'email' ? `mailto:${text}` : text
  if (type === 'url' && !/^https?:\/\//i.test(text)) return text
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className="underline-offset-2 hover:underline">
      {text}
    </a>
  )
}

function Files({
  paths,
  updatedAt,
  projectId,
}: {
  paths: readonly string[]
  updatedAt: string
  projectId: string
}) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {paths.slice(0, MOST).map((path) =>
        hasPreview(path) ? (
          <Thumbnail
            key={path}
            projectId={projectId}
            file={{ path, name: path, updatedAt }}
            className="size-6"
          />
        ) : (
          <span key={path} className="truncate text-xs">
            {path.split('/').at(-1)}
          </span>
        ),
      )}
      {paths.length > MOST ? (
        <span className="text-xs text-muted-foreground">+{paths.length - MOST}</span>
      ) : null}
    </span>
  )
}
