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
