/** What is typed of a goal, and what of it is new. Pure. */

export interface GoalDraft {
  name: string
  /** Short: without the project's slug. */
  slug: string
  color: string | null
  description: string
  projects: readonly string[]
}

/** goals.schema.ts, goalSlugSchema (a test compares). */
export const isGoalSlug = (slug: string): boolean =>
  slug.length <= 60 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slug)

/**
 * Only what differs from what the agent has, so that nothing somebody else changed meanwhile, and no project that
 * this operator may not see, is written over.
 */
export function changesOf(draft: GoalDraft, saved: GoalDraft): Partial<GoalDraft> {
  const isSame = (key: keyof GoalDraft) =>
    key === 'projects'
      ? draft.projects.toSorted().join() === saved.projects.toSorted().join()
      : draft[key] === saved[key]
  const keys = (Object.keys(saved) as (keyof GoalDraft)[]).filter((key) => !isSame(key))
  return Object.fromEntries(keys.map((key) => [key, draft[key]]))
}
