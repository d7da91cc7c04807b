// What a caller is told of an error that a handler threw: what the author meant to say, or what the request itself did
// wrong; of everything else only that it failed, and under which number the log knows it.
import type { Kernel } from '../../sandbox/kernel.port.ts'

export interface Failure {
  status: number
  body: Record<string, unknown>
  level: 'warn' | 'error'
}

/** Errors of `database` that say what is wrong with the data a request brought; with these statuses, as REST gives them. */
const BY_REQUEST: Readonly<Record<string, number>> = {
  RECORD_INVALID: 400,
  RECORD_NOT_FOUND: 404,
  RECORD_NOT_UNIQUE: 409,
  RECORD_CHANGED: 409,
  RECORD_IN_USE: 409,
  RECORD_TOO_LARGE: 413,
}
const UNSAID = 'The service failed.'

/** Never throws: a proxy can throw even when it is only asked what it is. */
export function failureOf(kernel: Kernel, error: unknown): Failure {
  try {
    const { code, status, expose, fields } = (error ?? {}) as Record<string, unknown>
    const said = typeof error === 'object' ? (error as { message?: unknown } | null)?.message : undefined
    const message = error instanceof Error || typeof said === 'string' ? String(said) : String(error)
    const byRequest =
      typeof code === 'string' && Object.hasOwn(BY_REQUEST, code) ? BY_REQUEST[code] : undefined
    if (byRequest !== undefined)
      return {
        status: byRequest,
        body: { error: message, code, ...(fields !== undefined && { fields }) },
        level: 'warn',
      }
    if (expose === true)
      return { status: isFailure(status) ? status : 500, body: { error: message }, level: 'error' }
    // Whoever debugs sees it at once; a visitor of a release has no business in it.
    const isDebug = kernel.facts.source.startsWith('debug:')
    return { status: 500, body: { error: isDebug ? message : UNSAID }, level: 'error' }
  } catch {
    return { status: 500, body: { error: UNSAID }, level: 'error' }
  }
}

function isFailure(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599
}
