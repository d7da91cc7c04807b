import type { ErrorShape } from '@m3m/base'

/** Inherited descriptors of a helper: the messages, and the pipe whose end says that the parent is gone. */
export const FRAMES_FD = 3
export const WATCH_FD = 4

/** Pool to helper; the bytes of the input travel beside it. */
export interface ToTool {
  id: number
  job: string
  input: unknown
}

/** Helper to pool; the bytes of the output travel beside `done`. */
export type FromTool =
  | { kind: 'ready' }
  /** What the job needs is loaded: from here on its deadline counts. */
  | { kind: 'begun'; id: number }
  | { kind: 'at'; id: number; subject: string }
  | { kind: 'done'; id: number; output: unknown; poisoned: boolean }
  | { kind: 'refused'; id: number; error: ErrorShape; poisoned: boolean }
  | { kind: 'broken'; id: number; reason: string }
