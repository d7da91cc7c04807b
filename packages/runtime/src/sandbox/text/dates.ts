// Dates as texts by a pattern of YYYY MM DD HH mm ss SSS, always UTC.
const TOKEN = /YYYY|MM|DD|HH|mm|ss|SSS/g
const DIGITS: Record<string, string> = { YYYY: '(\\d{4})', SSS: '(\\d{3})' }

export const DEFAULT_PATTERN = 'YYYY-MM-DD HH:mm:ss'

/** The moment by the pattern; `''` for what is no moment. What is no token stays. */
export function formatDate(ms: number, pattern: string): string {
  const date = new Date(ms)
  if (Number.isNaN(date.getTime())) return ''
  const parts: Record<string, number> = {
    YYYY: date.getUTCFullYear(),
    MM: date.getUTCMonth() + 1,
    DD: date.getUTCDate(),
    HH: date.getUTCHours(),
    mm: date.getUTCMinutes(),
    ss: date.getUTCSeconds(),
    SSS: date.getUTCMilliseconds(),
  }
  return pattern.replace(TOKEN, (token) => String(parts[token]).padStart(token.length, '0'))
}

/** Unix milliseconds of a text that has exactly this form and names a day that exists; null otherwise. */
export function parseDate(text: string, pattern: string): number | null {
  const tokens: string[] = []
  const source = pattern
    .split(/(YYYY|MM|DD|HH|mm|ss|SSS)/)
    .map((piece) => {
      if (!/^(?:YYYY|MM|DD|HH|mm|ss|SSS)$/.test(piece)) return piece.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
      tokens.push(piece)
      return DIGITS[piece] ?? '(\\d{2})'
    })
    .join('')
  const match = tokens.length > 0 ? new RegExp(`^${source}$`).exec(text) : null
  if (!match) return null
  const part = (token: string, otherwise: number): number => {
    const at = tokens.lastIndexOf(token)
    return at < 0 ? otherwise : Number(match[at + 1])
  }
  const [year, month, day] = [part('YYYY', 1970), part('MM', 1), part('DD', 1)]
  const [hour, minute, second] = [part('HH', 0), part('mm', 0), part('ss', 0)]
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, part('SSS', 0))
  const valid = hour < 24 && minute < 60 && second < 60 && year >= 100
  const date = new Date(ms)
  return valid && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : null
}
