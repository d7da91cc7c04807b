/** What a service is told of a goal. */
export interface GoalInfo {
  id: string
  name: string
  /** Whole: `{project-slug}-{slug}` for the project's own. */
  slug: string
  type: 'counter' | 'daily'
  description: string
  color: string
}

/** One UTC day. */
export interface GoalDay {
  date: string
  value: number
}

/** Days `getStats` gives when it is not told. */
export const DEFAULT_DAYS = 7
