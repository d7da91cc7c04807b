import type { SourcePosition } from '@m3m/base'
import type { SourceFile } from '../runs/supervisor.port.ts'

/** A mark in the editor. */
export interface Problem extends SourcePosition {
  severity: 'error' | 'warning'
  message: string
}

/** Checks code without running it, in the tool pool (architecture.md: the agent never parses user code). */
export interface Compiler {
  /**
   * Strips types and checks syntax of all files; an empty list means that they can be started.
   * A file the tool could not finish in time or that broke it is itself a problem (line 1), never an exception.
   */
  check(files: readonly SourceFile[]): Promise<Problem[]>
}
