export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** The agent's own log (a service's log is another thing: runtime/modules/logger). */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  /** A logger that adds these fields to every line. */
  with(fields: Record<string, unknown>): Logger
}

/** A logger that writes each line of `level` or above through `write`: `[YYYY-MM-DD HH:MM:SS.mmm] [LEVEL] message {"field":…}` in UTC. */
export function createLogger(
  write: (line: string, level: LogLevel) => void,
  options: { level?: LogLevel; now?: () => number; fields?: Record<string, unknown> } = {},
): Logger {
  const { level = 'info', now = Date.now, fields: bound = {} } = options
  const least = LOG_LEVELS.indexOf(level)
  const log = (at: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (LOG_LEVELS.indexOf(at) < least) return
    const all = { ...bound, ...fields }
    const tail = Object.keys(all).length > 0 ? ` ${JSON.stringify(all, errorsAsText)}` : ''
    write(`[${logTime(now())}] [${at.toUpperCase()}] ${message}${tail}`, at)
  }
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    with: (fields) => createLogger(write, { level, now, fields: { ...bound, ...fields } }),
  }
}

/** `2026-01-31 12:00:00.000`, UTC. */
export function logTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23)
}

/** Says nothing. For tests and for callers who do not care. */
export const silentLogger: Logger = createLogger(() => {})

function errorsAsText(_key: string, value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? value.message) : value
}
