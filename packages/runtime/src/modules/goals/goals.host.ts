import { hasCode } from '@m3m/base'
import type { HostContext, HostModule } from '../../module/define-module.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import { DEFAULT_DAYS, type GoalDay, type GoalInfo } from './goals.contract.ts'

type Goal = Awaited<ReturnType<HostContext['goals']['find']>>

const DAY_MS = 86_400_000

/** Counters, by the rules of packages/data, for this project alone. */
export function createGoalsHost({ goals, project, clock }: HostContext): HostModule {
  const own = { id: project.id, slug: project.slug }
  return {
    calls: {
      async increment([slug, by]) {
        await goals.increment(own, String(slug), by === undefined ? 1 : (by as number))
        return true
      },
      getValue: ([slug]) => goals.value(own, String(slug)),
      async getStats([slug, period]): Promise<GoalDay[]> {
        const goal = await goals.find(own, String(slug))
        const [stats] = await goals.stats({
          goalIds: [goal.id],
          step: 'day',
          projectIds: [own.id],
          ...daysOf(period, clock.now()),
        })
        return stats!.points.map(({ at, value }) => ({ date: at.slice(0, 10), value }))
      },
      list: async (): Promise<GoalInfo[]> => (await goals.usable(own)).map(infoOf),
      async get([slug]): Promise<GoalInfo | null> {
        try {
          return infoOf(await goals.find(own, String(slug)))
        } catch (error) {
          if (hasCode(error, 'GOAL_NOT_FOUND')) return null
          throw error
        }
      },
    },
  }
}

/** So many days up to today, or from one day to another, both included. The rules of the period are those of goals. */
function daysOf(period: unknown, nowMs: number): { from: string; to: string } {
  const today = dayOf(nowMs)
  if (isPlainObject(period)) {
    return { from: dayOf(period['from'] ?? today), to: dayOf(period['to'] ?? today) }
  }
  const days = Math.max(1, Math.trunc(Number(period ?? DEFAULT_DAYS)) || DEFAULT_DAYS)
  return { from: dayOf(nowMs - (days - 1) * DAY_MS), to: today }
}

/** `2026-01-31` of a text of that form, a Date or Unix milliseconds; anything else goes on as it is, to be refused. */
function dayOf(value: unknown): string {
  const ms = value instanceof Date ? value.getTime() : value
  if (typeof ms !== 'number') return String(ms)
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : String(ms)
}

function infoOf({ id, name, slug, type, description, color }: Goal): GoalInfo {
  return { id, name, slug, type, description, color: color ?? '' }
}
