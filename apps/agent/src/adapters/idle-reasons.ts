import type { Core } from '@m3m/core'

/** Why a project has no route: its state, or null when there is no such project. */
export type IdleReason = 'stopped' | 'starting' | 'crashed' | null

export type ProjectOf = { slug: string } | { projectId: string }

/**
 * Answers why a project does not answer. A client that asks a service until it is up asks this, too, so that only the first
 * of its requests reads the database: states are in memory, and which project has a slug is remembered until projects change.
 */
export function createIdleReasons({
  projects,
  runs,
}: Core['services']): (of: ProjectOf) => Promise<IdleReason> {
  /** Existing projects only: whoever guesses slugs fills no memory. */
  const idBySlug = new Map<string, string>()
  let changes = 0
  const forget = () => {
    changes++
    idBySlug.clear()
  }
  projects.onChange(forget)
  projects.onRemove(async () => forget())

  async function idOf(of: ProjectOf): Promise<string | null> {
    if ('projectId' in of) return (await projects.find(of.projectId))?.id ?? null
    const known = idBySlug.get(of.slug)
    if (known !== undefined) return known
    const seen = changes
    const id = (await projects.findBySlug(of.slug))?.id ?? null
    // What was read before a change may be what it changed.
    if (id !== null && seen === changes) idBySlug.set(of.slug, id)
    return id
  }

  async function reasonOf(id: string | null): Promise<IdleReason> {
    if (id === null) return null
    const { state } = (await runs.state(id)).observed
    // Running and yet no route: between two runs, or on its way down to be started again.
    return state === 'crashed' || state === 'stopped' ? state : 'starting'
  }

  return async (of) => {
    try {
      return await reasonOf(await idOf(of))
    } catch {
      // Remembered while it was being removed; who has the slug now is asked anew.
      forget()
      return await reasonOf(await idOf(of))
    }
  }
}
