/** Line and column are 1-based. */
export interface Place {
  file: string
  line: number
  column: number
}

/** A problem at a place in the source: of the compiler, the language service or a run. */
export interface EditorMark extends Place {
  severity: 'error' | 'warning'
  message: string
  source: string
}

/** The order of reading: as files, lines and columns follow. */
export const byPlace = (a: Place, b: Place): number =>
  a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column
