/** The branch that the first save of a project makes (pipeline.schema.ts, FIRST_BRANCH). */
export const FIRST_BRANCH = 'develop'

interface Branch {
  name: string
  updatedAt: string
}

/** The one the address asks for, else the first branch's name, else the one edited last; null when there is none. */
export function pickBranch(branches: readonly Branch[], asked: string | undefined): string | null {
  const names = branches.map(({ name }) => name)
  if (asked !== undefined && names.includes(asked)) return asked
  if (names.includes(FIRST_BRANCH)) return FIRST_BRANCH
  const latest = [...branches].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))[0]
  return latest?.name ?? null
}
