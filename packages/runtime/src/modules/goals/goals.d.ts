interface GoalInfo {
  id: string
  name: string
  /** Whole: `{project-slug}-{slug}` for the project's own. */
  slug: string
  /** A counter accumulates for ever, a daily one begins again each UTC day. */
  type: 'counter' | 'daily'
  description: string
  color: string
}

/**
 * Counters that the panel shows: the project's own and those global ones it may write. A slug may be given whole
 * (`{project-slug}-{slug}`) or short.
 */
interface GoalsModule {
  /**
   * Adds a whole number, which may be negative, to today's count.
   * @param by Default 1.
   * @returns true
   * @throws GOAL_NOT_FOUND, GOAL_AMOUNT
   */
  increment(slug: GoalSlug, by?: number): Promise<true>
  /** A counter's total; a daily one's value of today (UTC). @throws GOAL_NOT_FOUND */
  getValue(slug: GoalSlug): Promise<number>
  /**
   * What this project counted, day by day in order, days without counts included as 0.
   * @param period Days up to today (default 7), or from one day to another, both included.
   * @throws GOAL_NOT_FOUND, GOAL_PERIOD
   */
  getStats(
    slug: GoalSlug,
    period?: number | { from?: string | Date; to?: string | Date },
  ): Promise<{ date: string; value: number }[]>
  /** Every goal this project may use, by name. */
  list(): Promise<GoalInfo[]>
  /** One goal; null when there is none this project may use. */
  get(slug: GoalSlug): Promise<GoalInfo | null>
}
