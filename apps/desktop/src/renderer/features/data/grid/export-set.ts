import type { PortableFormat } from '@m3m/core/client'
import type { Selection } from './selection.ts'

/** What an export asks the agent for. Pure. */

/** What is exported: the records that match, in the order and with the columns that are seen. */
export interface ExportedSet {
  filter: string
  search: string
  sort: string
  fields: readonly string[]
}

/** Ids of one request: the address with them stays below 8 KB. */
const IDS_AT_ONCE = 200

/** Text filters that, one after the other, give just what is chosen. `''` filters nothing. */
export function exportFilters(filter: string, selection: Selection | undefined): string[] {
  if (!selection || (selection.isAll && selection.ids.size === 0)) return [filter]
  const ids = [...selection.ids]
  if (selection.isAll) return [both(filter, `id notIn (${listed(ids)})`)]
  const parts: string[] = []
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE)
    parts.push(`id in (${listed(ids.slice(at, at + IDS_AT_ONCE))})`)
  return parts
}

/** The query of one question. */
export function exportQuery(format: PortableFormat, set: ExportedSet, filter: string): string {
  const query = new URLSearchParams({ format, fields: set.fields.join(',') })
  if (filter) query.set('filter', filter)
  if (set.search) query.set('search', set.search)
  if (set.sort) query.set('sort', set.sort)
  return query.toString()
}

const listed = (ids: readonly string[]): string => ids.map((id) => JSON.stringify(id)).join(', ')
const both = (filter: string, more: string): string => (filter ? `(${filter}) && ${more}` : more)

/** Parts as one file: of CSV the heading stays once, JSON lists become one list. */
export async function joinExports(format: PortableFormat, parts: readonly Blob[]): Promise<Blob> {
  if (parts.length === 1) return parts[0]!
  const type = parts[0]?.type ?? ''
  if (format === 'ndjson') return new Blob([...parts], { type })
  const texts = await Promise.all(parts.map((part) => part.text()))
  if (format === 'json')
    return new Blob(
      [
        JSON.stringify(
          texts.flatMap((text) => JSON.parse(text) as unknown[]),
          null,
          2,
        ),
      ],
      { type },
    )
  return new Blob(
    texts.map((text, index) => (index === 0 ? text : text.slice(text.indexOf('\n') + 1))),
    { type },
  )
}
