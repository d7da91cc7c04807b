/** A mark in the author's source. Line and column are 1-based. */
export interface Problem {
  file: string
  line: number
  column: number
  severity: 'error' | 'warning'
  message: string
}

/** A file V8 takes. `module`: it has import, export or top-level await. `data`: it is no code. */
export interface StrippedFile {
  path: string
  code: string
  kind: 'script' | 'module' | 'data'
  /** Offsets (UTF-16 units) of the word `import` of every `import(…)` in `code`; absent where there is none. */
  imports?: readonly number[]
}

/** The one job the supervisor needs of the tool pool. */
export interface Stripper {
  /**
   * Replaces the types of `.ts` files by blanks, so that every line and column stays (`.js` files pass unchanged) and
   * checks the syntax of all. A file the tool cannot finish in time is itself a problem (line 1), never an exception.
   */
  strip(
    files: readonly { path: string; code: string }[],
  ): Promise<{ files: StrippedFile[] } | { problems: Problem[] }>
}
