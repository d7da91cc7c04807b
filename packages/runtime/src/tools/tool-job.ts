/** What a job may tell the pool while it works. */
export interface JobReport {
  /** Names what is being worked on, so that a deadline or crash can be put down to it. */
  workingOn(subject: string): void
  /** This helper must not be used again after this job. */
  poisoned(): void
}

/** What a job gives back: a value that JSON can carry, and bytes beside it. */
export interface JobResult<O> {
  output: O
  bytes?: Uint8Array
}

/**
 * One kind of work for helper processes. An AppError it throws reaches the caller as it is; anything else
 * counts as a crash: the caller gets TOOL_CRASHED and the helper is replaced.
 */
export type ToolJob<I, O> = (
  input: I,
  report: JobReport,
  bytes: Uint8Array,
) => JobResult<O> | Promise<JobResult<O>>
