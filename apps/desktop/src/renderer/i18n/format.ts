/** Numbers, sizes and times as the panel writes them. Pure; the language is an argument. */

/** `3.4 MB`: decimal units, one digit after the point below 100. */
export function formatBytes(bytes: number, language: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const value = bytes / 1000 ** power
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: units[power]!,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 100 && power > 0 ? 1 : 0,
  }).format(value)
}

const STEPS: [limitMs: number, unitMs: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60_000, 1_000, 'second'],
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [30 * 86_400_000, 86_400_000, 'day'],
  [365 * 86_400_000, 30 * 86_400_000, 'month'],
  [Infinity, 365 * 86_400_000, 'year'],
]

/**
 * `5 minutes ago`, `in 2 hours`; `now` within ten seconds, so that nothing ticks before the eyes. What lies ahead is
 * rounded: a moment after something was put away for 30 days it reads `in 30 days`, not 29.
 */
export function formatAgo(at: number, now: number, language: string): string {
  const distanceMs = at - now
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  if (Math.abs(distanceMs) < 10_000) return format.format(0, 'second')
  const [, unitMs, unit] = STEPS.find(([limitMs]) => Math.abs(distanceMs) < limitMs)!
  const count = distanceMs / unitMs
  return format.format(distanceMs > 0 ? Math.round(count) : Math.trunc(count), unit)
}

/** `2026-11-22 20:15:03`, in the person's own time zone: one form that sorts and aligns. */
export function formatDateTime(iso: string | number): string {
  const date = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `3d 4h`, `12m`, `45s`: the two largest units. */
export function formatDuration(ms: number, language: string): string {
  const [d, h, m, s] = DURATION_UNITS[language === 'ru' ? 'ru' : 'en']
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), d],
    [Math.floor(seconds / 3_600) % 24, h],
    [Math.floor(seconds / 60) % 60, m],
    [seconds % 60, s],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  if (first === -1) return `0${s}`
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}${unit}`)
    .join(' ')
}

/** `12 %`, one digit after the point below 10. `share` is 0 to 1, or more. */
export function formatPercent(share: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: share < 0.1 ? 1 : 0,
  }).format(share)
}

/** `1,234`, one digit after the point below 10. */
export function formatNumber(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}

/** `0.4 ms`, `12 ms`, `1.3 s`. */
export function formatMilliseconds(ms: number, language: string): string {
  const isLong = ms >= 1_000
  const value = isLong ? ms / 1_000 : ms
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: isLong ? 'second' : 'millisecond',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}

const DURATION_UNITS = { en: ['d', 'h', 'm', 's'], ru: [' д', ' ч', ' мин', ' с'] } as const
