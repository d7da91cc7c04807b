/** A change as it crosses from the isolate; the host checks every part. */
export interface Step {
  op: string
  args: unknown[]
}

/** Files larger than this are no pictures for here. */
export const MAX_SOURCE_BYTES = 50 * 1024 * 1024
/** Changes in one chain. */
export const MAX_STEPS = 50
