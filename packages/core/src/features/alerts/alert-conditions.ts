import type { FieldError } from '@m3m/base'
import { type AlertKind, LEAST_REQUESTS } from './alerts.schema.ts'

/** What is known of a project, or of the agent, at one moment; null where it is not known. */
export interface AlertFacts {
  /** Set while it is crashed. */
  crashed: { reason: FieldError | null } | null
  restartsInHour: number
  /** Of the last 10 minutes. */
  requests: number
  errors: number
  /** Of the limit, 0 to 100. */
  memoryPercent: number | null
  /** What a daily goal counted yesterday, by its slug in code. */
  yesterday: ReadonlyMap<string, number>
  /** Of the disk with the data, 0 to 100. */
  diskFreePercent: number | null
}

export interface Condition {
  kind: AlertKind
  threshold: number | null
  goal: string | null
}

/** What was found; `key` is the same as long as it is the same trouble. */
export interface Finding {
  key: string
  value: number | null
  /** Why, where a crash told. */
  reason: FieldError | null
}

/** Whether a condition holds; null when all is well, or nothing is known. Pure. */
export function findTrouble(
  { kind, threshold, goal }: Condition,
  facts: AlertFacts,
  today: string,
): Finding | null {
  const least = threshold ?? 0
  switch (kind) {
    case 'crashed':
      return facts.crashed === null ? null : { key: kind, value: null, reason: facts.crashed.reason }
    case 'restarts':
      return above(kind, facts.restartsInHour, least)
    case 'errors':
      return facts.requests < LEAST_REQUESTS
        ? null
        : above(kind, round((facts.errors / facts.requests) * 100), least)
    case 'memory':
      return facts.memoryPercent === null ? null : above(kind, round(facts.memoryPercent), least)
    case 'goal': {
      const count = goal === null ? undefined : facts.yesterday.get(goal)
      // Told once for each day: the next day is another trouble.
      return count === undefined || count >= least
        ? null
        : { key: `${kind}:${goal}:${today}`, value: count, reason: null }
    }
    case 'disk': {
      const free = facts.diskFreePercent
      return free === null || free >= least ? null : { key: kind, value: round(free), reason: null }
    }
  }
}

const above = (key: string, value: number, threshold: number): Finding | null =>
  value >= threshold ? { key, value, reason: null } : null

const round = (value: number) => Math.round(value * 10) / 10
