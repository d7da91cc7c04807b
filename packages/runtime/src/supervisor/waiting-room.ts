// Requests that come while a service moves to another runner: held, not refused.
import type { AgentRun } from './agent-run.ts'

/** A move takes a fraction of a second; who has waited so long is answered that the service is starting. */
const HOLD_MS = 10_000
/** Requests held for one project. Each is a connection whose body is not read yet. */
const MAX_HELD = 1000

interface Expected {
  slug: string
  timer: NodeJS.Timeout
  waiting: ((run: AgentRun | null) => void)[]
}

/** Holds requests by project. Whoever creates it settles it. */
export class WaitingRoom {
  readonly #expected = new Map<string, Expected>()
  readonly #bySlug = new Map<string, string>()

  /** The project had a route and will have it again soon. */
  expect({ projectId, slug }: { projectId: string; slug: string }): void {
    if (this.#expected.has(projectId)) return
    const timer = setTimeout(() => this.settle(projectId, null), HOLD_MS)
    timer.unref()
    this.#expected.set(projectId, { slug, timer, waiting: [] })
    this.#bySlug.set(slug, projectId)
  }

  /** @returns null when nothing is expected or too many wait; else settles with the run, or null when none came. */
  wait(by: { projectId: string } | { slug: string }): Promise<AgentRun | null> | null {
    const projectId = 'slug' in by ? this.#bySlug.get(by.slug) : by.projectId
    const expected = projectId === undefined ? undefined : this.#expected.get(projectId)
    if (!expected || expected.waiting.length >= MAX_HELD) return null
    return new Promise((resolve) => expected.waiting.push(resolve))
  }

  /** The project has a run again, or will have none for now. */
  settle(projectId: string, run: AgentRun | null): void {
    const expected = this.#expected.get(projectId)
    if (!expected) return
    clearTimeout(expected.timer)
    this.#expected.delete(projectId)
    this.#bySlug.delete(expected.slug)
    for (const resolve of expected.waiting) resolve(run)
  }

  /** Nothing is expected any more. */
  close(): void {
    for (const projectId of [...this.#expected.keys()]) this.settle(projectId, null)
  }
}
