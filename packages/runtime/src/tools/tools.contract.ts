import type { SourcePosition } from '@m3m/base'
import type { SourceFile } from '../supervisor/supervisor.port.ts'

/** A mark in the author's source. */
export interface Problem extends SourcePosition {
  severity: 'error' | 'warning'
  message: string
}

/** The one job the supervisor needs of the tool pool. */
export interface Stripper {
  /**
   * Replaces the types of `.ts` files by blanks, so that every line and column stays (`.js` files pass unchanged) and
   * checks the syntax of all. A file the tool cannot finish in time is itself a problem (line 1), never an exception.
   */
  strip(files: readonly SourceFile[]): Promise<{ files: SourceFile[] } | { problems: Problem[] }>
}
