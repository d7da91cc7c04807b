/** Where the keys move the active cell. Pure. */

export interface Cell {
  row: number
  /** Place among the columns that are seen. */
  column: number
}

export interface Bounds {
  rows: number
  columns: number
  /** Rows that are seen at once. */
  page: number
}

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>

/** `null` for keys that move nothing. As in the ARIA pattern for grids: Home and End in the row, with Ctrl in the list. */
export function movedBy({ key, ctrlKey, metaKey }: Keys, { row, column }: Cell, bounds: Bounds): Cell | null {
  const isFar = ctrlKey || metaKey
  const to = (nextRow: number, nextColumn = column): Cell => ({
    row: clamp(nextRow, bounds.rows),
    column: clamp(nextColumn, bounds.columns),
  })
  switch (key) {
    case 'ArrowDown':
      return to(isFar ? bounds.rows : row + 1)
    case 'ArrowUp':
      return to(isFar ? 0 : row - 1)
    case 'ArrowRight':
      return to(row, isFar ? bounds.columns : column + 1)
    case 'ArrowLeft':
      return to(row, isFar ? 0 : column - 1)
    case 'Home':
      return isFar ? to(0, 0) : to(row, 0)
    case 'End':
      return isFar ? to(bounds.rows, bounds.columns) : to(row, bounds.columns)
    case 'PageDown':
      return to(row + bounds.page)
    case 'PageUp':
      return to(row - bounds.page)
    default:
      return null
  }
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(value, count - 1))
