import type { StoredEntry } from '@m3m/core/client'

export type EntrySort = '-name' | 'size' | '-size' | 'changed' | '-changed' | undefined
export type SortColumn = 'name' | 'size' | 'changed'

/** Folders first whatever the order is; names as people count: 2 before 10. */
export function sortEntries(entries: readonly StoredEntry[], sort: EntrySort): StoredEntry[] {
  const compareNames = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare
  const isDown = sort?.startsWith('-') ?? false
  const column = sort?.replace('-', '') ?? 'name'
  const compare = (a: StoredEntry, b: StoredEntry) =>
    (column === 'size'
      ? a.sizeBytes - b.sizeBytes
      : column === 'changed'
        ? a.updatedAt.localeCompare(b.updatedAt)
        : compareNames(a.name, b.name)) * (isDown ? -1 : 1) || compareNames(a.name, b.name)
  return entries.toSorted((a, b) => (a.kind === b.kind ? compare(a, b) : a.kind === 'folder' ? -1 : 1))
}

/** What a click on a column's head asks for. */
export function nextSort(sort: EntrySort, column: SortColumn): EntrySort {
  if (column === 'name') return sort === undefined ? '-name' : undefined
  // Largest and latest first: that is what one looks for.
  return sort === `-${column}` ? column : `-${column}`
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** `report 2.pdf`, `report 3.pdf`: a name that is not among `taken`. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let number = 2; ; number += 1) {
    const next = `${stem} ${number}${ending}`
    if (!taken.has(next)) return next
  }
}
