// Errors of the author's code, as they cross the border.
import { AppError, messageOf } from '@m3m/base'
import { runtimeErrors } from '../runtime.errors.ts'
import type { ErrorData } from '../sandbox/stacks.ts'
import { positionOf } from '../sandbox/stacks.ts'

/** What a handler threw. */
export function authorError(data: ErrorData): AppError {
  const { message, code, status, position, text } = data
  const init = { code: code ?? 'SERVICE_ERROR', blame: 'user' as const, status: status ?? 500, message }
  const error = new AppError(position ? { ...init, position } : init)
  // What the log shows: message and the author's own frames.
  error.stack = text
  return error
}

/** An error of the main file (it crossed as an Error of isolated-vm) or of a boot or start callback. */
export function asRunError(phase: string, error: unknown): AppError {
  if (error instanceof AppError && error.code.startsWith('RUN_')) return error
  const message = messageOf(error)
  const position = error instanceof AppError ? error.position : positionOf((error as Error)?.stack ?? '')
  const cause = runtimeErrors.RUN_BOOT_FAILED(
    { phase, message },
    position ? { position, cause: error } : { cause: error },
  )
  return cause
}
