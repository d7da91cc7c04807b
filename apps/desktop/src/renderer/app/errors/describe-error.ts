import type { ErrorShape, FieldError } from '@m3m/base'
import { sayError, type ErrorWords } from '../../../shared/errors/error-words.ts'
import { wordsOfErrors } from '../../i18n/index.ts'

/** Codes that the page itself gives: nothing on the wire has them. */
export const OFFLINE = 'AGENT_UNREACHABLE'
export const PAGE_BUG = 'PAGE_BUG'

/** Anything that was thrown, in the one shape that the panel shows, in the language of the panel. */
export function describeError(thrown: unknown, words: ErrorWords | null = wordsOfErrors()): ErrorShape {
  const shape = readError(thrown)
  if (!shape.fields) return { ...shape, message: sayError(shape, words) }
  const fields = saidFields(shape.fields, words)
  return { ...shape, message: sayError(withSaidProblems(shape, fields), words), fields }
}

/** Problems that a sentence lists, as many as the agent lists in its own. */
const LISTED = 5

/** Where a sentence lists what is wrong with which field, the list too is in the language of the panel. */
function withSaidProblems(shape: ErrorShape, fields: Readonly<Record<string, FieldError>>): ErrorShape {
  if (shape.params?.['problems'] === undefined) return shape
  const all = Object.entries(fields).map(([key, { message }]) => `${key}: ${message}`)
  const rest = all.length > LISTED ? [`(+${all.length - LISTED})`] : []
  return { ...shape, params: { ...shape.params, problems: [...all.slice(0, LISTED), ...rest].join(' ') } }
}

/** An error that the agent told of, in the language of the panel. */
export function reasonText(reason: Pick<ErrorShape, 'code' | 'message' | 'params'>): string {
  return sayError(reason, wordsOfErrors())
}

function saidFields(
  fields: Readonly<Record<string, FieldError>>,
  words: ErrorWords | null,
): Record<string, FieldError> {
  const said = Object.entries(fields).map(([key, field]) => [
    key,
    { ...field, message: sayError(field, words) },
  ])
  return Object.fromEntries(said) as Record<string, FieldError>
}

/** As it was thrown: in the agent's English. */
function readError(thrown: unknown): ErrorShape {
  const app = appOf(thrown)
  if (app) return app
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (isNetworkFailure(thrown)) return { code: OFFLINE, blame: 'host', status: 0, message }
  return { code: codeOf(thrown) ?? PAGE_BUG, blame: 'bug', status: 0, message }
}

/** Message of one field, when the error says something about it. */
export function fieldErrorOf(thrown: unknown, field: string): string | undefined {
  return describeError(thrown).fields?.[field]?.message
}

export function hasErrorCode(thrown: unknown, code: string): boolean {
  return readError(thrown).code === code
}

/** What "copy details" puts on the clipboard: for a report, so in English. */
export function errorDetails(thrown: unknown, where: string): string {
  const error = readError(thrown)
  const lines = [`${error.code} (${error.status}, ${error.blame})`, error.message, `at ${where}`]
  if (error.position) lines.push(`${error.position.file}:${error.position.line}:${error.position.column}`)
  for (const [field, { code, message }] of Object.entries(error.fields ?? {}))
    lines.push(`${field}: ${code} ${message}`)
  return lines.join('\n')
}

interface Thrown {
  app?: Partial<ErrorShape>
  data?: { app?: Partial<ErrorShape>; code?: string; httpStatus?: number } | null
  message?: string
  cause?: unknown
  /** Of tRPC's HTTP link. */
  meta?: { response?: { status?: number } }
}

function appOf(thrown: unknown): ErrorShape | null {
  if (typeof thrown !== 'object' || thrown === null) return null
  const error = thrown as Thrown
  const app = error.app ?? error.data?.app
  if (!app?.code) return null
  return {
    ...app,
    code: app.code,
    blame: app.blame ?? 'host',
    status: app.status ?? error.data?.httpStatus ?? 0,
    message: app.message ?? error.message ?? app.code,
  }
}

function codeOf(thrown: unknown): string | null {
  return (thrown as Thrown | null)?.data?.code ?? null
}

/** What a proxy answers for an agent that is away: bad gateway, unavailable, gateway timeout (RFC 9110 §15.6). */
const PROXY_SAYS_AWAY = new Set([502, 503, 504])

/**
 * Browsers word it differently, but all throw a TypeError from fetch; tRPC wraps it as the cause. An answer of a
 * proxy in the agent's place counts too: the agent's own errors carry `data`.
 */
export function isNetworkFailure(thrown: unknown): boolean {
  const error = thrown as Thrown | null
  if (error?.data) return false
  if (PROXY_SAYS_AWAY.has(error?.meta?.response?.status ?? 0)) return true
  if (thrown instanceof TypeError) return /fetch|network|load failed/i.test(thrown.message)
  if (error?.message && /^(failed to fetch|load failed|networkerror|websocket closed)/i.test(error.message))
    return true
  return error?.cause ? isNetworkFailure(error.cause) : false
}
