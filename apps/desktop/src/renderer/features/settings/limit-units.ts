import { LIMIT_NAMES, type LimitName } from '@m3m/core/client'

const MIB = 1024 * 1024

/** How a limit is typed: in a unit people think in. */
interface LimitUnit {
  unit: 'MB' | 'ms' | 'count'
  /** So many of what is stored are one of the unit. */
  factor: number
}

export const LIMIT_UNITS: Readonly<Record<LimitName, LimitUnit>> = {
  memoryMb: { unit: 'MB', factor: 1 },
  cpuStretchMs: { unit: 'ms', factor: 1 },
  requestWallMs: { unit: 'ms', factor: 1 },
  requestBodyBytes: { unit: 'MB', factor: MIB },
  responseBodyBytes: { unit: 'MB', factor: MIB },
  maxRoutes: { unit: 'count', factor: 1 },
  maxJobs: { unit: 'count', factor: 1 },
  requestsKept: { unit: 'count', factor: 1 },
  storageQuotaBytes: { unit: 'MB', factor: MIB },
}

/** Texts of the fields; `''` is the agent's default. */
export type LimitDraft = Record<LimitName, string>

export function draftOf(limits: Partial<Record<LimitName, number | undefined>>): LimitDraft {
  return mapNames((name) => {
    const value = limits[name]
    return value === undefined ? '' : String(shown(name, value))
  })
}

/** What is stored; text that is no number is left to the server to refuse, by the name of its field. */
export function limitsOf(draft: LimitDraft): Partial<Record<LimitName, number>> {
  const set = LIMIT_NAMES.filter((name) => draft[name].trim() !== '')
  return Object.fromEntries(
    set.map((name) => [name, Math.round(Number(draft[name].replace(',', '.')) * LIMIT_UNITS[name].factor)]),
  )
}

/** A stored value in the unit it is typed in. */
export function shown(name: LimitName, value: number): number {
  return Number((value / LIMIT_UNITS[name].factor).toFixed(3))
}

function mapNames<T>(valueOf: (name: LimitName) => T): Record<LimitName, T> {
  return Object.fromEntries(LIMIT_NAMES.map((name) => [name, valueOf(name)])) as Record<LimitName, T>
}
