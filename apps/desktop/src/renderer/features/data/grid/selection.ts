/** Which rows are chosen, and from where a range with Shift goes. Pure. */
export interface Selection {
  ids: ReadonlySet<string>
  /** The row that was chosen last without Shift. */
  anchor: string | null
}

export const NOTHING: Selection = { ids: new Set(), anchor: null }

/** A click on the box of a row: with Shift everything between it and the row chosen before takes its new state. */
export function toggleRow(
  selection: Selection,
  { id, order, isRange }: { id: string; order: readonly string[]; isRange: boolean },
): Selection {
  const ids = new Set(selection.ids)
  const isOn = !ids.has(id)
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor)
  const to = order.indexOf(id)
  const range =
    isRange && from >= 0 && to >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id]
  for (const each of range) {
    if (isOn) ids.add(each)
    else ids.delete(each)
  }
  return { ids, anchor: id }
}

/** The box in the head: all rows of the page, or none when all are chosen. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  const all = order.length > 0 && order.every((id) => selection.ids.has(id))
  const ids = new Set(selection.ids)
  for (const id of order) {
    if (all) ids.delete(id)
    else ids.add(id)
  }
  return { ids, anchor: null }
}
