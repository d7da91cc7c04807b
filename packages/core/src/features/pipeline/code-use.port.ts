import type { CodeSource } from './pipeline.schema.ts'

/** What the pipeline has to know of runs: code that is in use is not removed. Implemented by the feature runs. */
export interface CodeUse {
  /** The source that runs now, for the mark "running"; `null` when nothing does, also while the first one starts. */
  live(projectId: string): Promise<CodeSource | null>
  /**
   * Calls `remove` while no start can come between, and forgets the source where it is desired or active.
   * False, and nothing called, when the source runs or should run.
   */
  removeUnused(projectId: string, source: CodeSource, remove: () => Promise<void>): Promise<boolean>
}
