import { goalErrors } from './goals.errors.ts'
import type { GoalsRepo } from './goals.repo.ts'
import { type GoalStats, type GoalStatsQuery, goalStatsSchema } from './goals.schema.ts'
import { daysBetween, isoDay, periodBefore, periodOf, periodsBetween } from './periods.ts'

/** Ten years: more points than any chart shows. */
const MAX_DAYS = 3660

/** Values by day, week or month with every gap filled, and the total of the time before for the trend. */
export async function goalStats(repo: GoalsRepo, query: GoalStatsQuery): Promise<GoalStats[]> {
  const parsed = goalStatsSchema.safeParse(query)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw goalErrors.GOAL_PERIOD({ problem: `${path.join('.') || 'query'}: ${message}.` })
  }
  const { goalIds, step, projectIds } = parsed.data
  const [from, to] = [Date.parse(parsed.data.from), Date.parse(parsed.data.to)]
  if (to < from) throw goalErrors.GOAL_PERIOD({ problem: 'its end is before its start.' })
  if (daysBetween(from, to) > MAX_DAYS)
    throw goalErrors.GOAL_PERIOD({ problem: `it has more than ${MAX_DAYS} days.` })

  const earlier = periodBefore(from, to)
  const rows = await repo.days({ goalIds, from: earlier.from, to, projectIds })
  const periods = periodsBetween(from, to, step)
  return goalIds.map((goalId) => {
    const own = rows.filter((row) => row.goalId === goalId)
    const inside = own.filter((row) => row.day >= from)
    const sums = new Map<number, number>()
    for (const { day, value } of inside) {
      const period = periodOf(day, step)
      sums.set(period, (sums.get(period) ?? 0) + value)
    }
    return {
      goalId,
      points: periods.map((at) => ({ at: isoDay(at), value: sums.get(at) ?? 0 })),
      total: sumOf(inside),
      previous: sumOf(own.filter((row) => row.day < from)),
    }
  })
}

function sumOf(rows: readonly { value: number }[]): number {
  return rows.reduce((sum, row) => sum + row.value, 0)
}
