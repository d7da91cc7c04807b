/** Which rows are chosen, and from where a range with Shift goes. Pure. */
export interface Selection {
  /** Those that are chosen; with `isAll` those that are not. */
  ids: ReadonlySet<string>
  /** Everything that matches is chosen, seen or not. */
  isAll: boolean
  /** Place of the row that was chosen last without Shift. */
  anchor: number | null
}

export const NOTHING: Selection = { ids: new Set(), isAll: false, anchor: null }
export const EVERYTHING: Selection = { ids: new Set(), isAll: true, anchor: null }

export const isChosen = ({ ids, isAll }: Selection, id: string): boolean => ids.has(id) !== isAll

/** How many, of `total` that match. */
export const chosenCount = ({ ids, isAll }: Selection, total: number): number =>
  isAll ? Math.max(0, total - ids.size) : ids.size

/** One row turned over; it is where a range begins. */
export function toggleRow(selection: Selection, { id, index }: { id: string; index: number }): Selection {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ...selection, ids, anchor: index }
}

/** Rows between the one chosen before and this one take the state of the first; the range begins where it began. */
export function chooseRange(selection: Selection, ids: readonly string[]): Selection {
  const next = new Set(selection.ids)
  for (const id of ids) {
    if (selection.isAll) next.delete(id)
    else next.add(id)
  }
  return { ...selection, ids: next }
}
