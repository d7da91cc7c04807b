/** Filters as they stand in the address; days are those of whoever looks. */
export interface AuditSearch {
  text?: string
  user?: string
  project?: string
  action?: string
  from?: string
  to?: string
}

/** The same as the agent wants it: moments, the last day included. */
export function filterOf({ text, user, project, action, from, to }: AuditSearch) {
  return {
    ...(text && { text }),
    ...(user && { userId: user }),
    ...(project && { projectId: project }),
    ...(action && { action }),
    ...(from && { from: momentOf(from) }),
    ...(to && { to: momentOf(to, 1) }),
  }
}

/** Midnight here of a day as `2026-01-31`, or of so many days later. */
function momentOf(day: string, daysLater = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + daysLater).toISOString()
}

/** Without filters that are not set: they have no place in the address. */
export const withoutEmpty = (search: AuditSearch): AuditSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''))
