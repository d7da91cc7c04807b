import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { JobMarks, JobReport } from './supervisor.port.ts'

/** The run a report is of. */
export interface JobRun {
  projectId: string
  runId: string
  source: CodeSource
  branch: string
}

/** Keeps what runs tell of their jobs, and what the next run must know of it. Implemented by the feature `jobs`. */
export interface JobKeeper {
  /** All that was reported before is in it. */
  marks(projectId: string): Promise<JobMarks>
  /** Of several projects at once; one without marks may be left out. */
  marksOf(projectIds: readonly string[]): Promise<ReadonlyMap<string, JobMarks>>
  report(run: JobRun, report: JobReport): void
  /** What the run had under way was cut off. */
  runEnded(run: Pick<JobRun, 'projectId' | 'runId'>): Promise<void>
  /** What the runs of a killed agent had under way was cut off. */
  recover(): Promise<void>
  removeProject(projectId: string): Promise<void>
}
