const UNITS_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g

/** Milliseconds of `168h`, `15m`, `1h30m`; `null` when the text is no duration. A number without a unit is none. */
export function parseDuration(text: string): number | null {
  const compact = text.replaceAll(' ', '')
  if (!WHOLE.test(compact)) return null
  let total = 0
  for (const [, amount, unit] of compact.matchAll(PART)) total += Number(amount) * UNITS_MS[unit!]!
  return Math.round(total)
}
