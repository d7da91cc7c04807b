// Exceptions nobody catches: a line of the log, unless a listener of the global `error` event says it is settled.
import { logLine } from '../calls.ts'
import { errorData } from '../stacks.ts'

let listener: ((error: unknown) => boolean) | null = null

/** Who is asked first; true when the error is settled (sandbox/web/global-events.ts). */
export function onReported(settles: (error: unknown) => boolean): void {
  listener = settles
}

/** WHATWG HTML, "report an exception". */
export function reportException(error: unknown): void {
  if (listener?.(error) !== true) logLine('error', errorData(error).text)
}
