// Requests that come while a service moves to another runner, or starts with the agent: held, not refused.
import type { AgentRun } from './agent-run.ts'

/** A move takes a fraction of a second, 50 starts some seconds; who has waited so long is answered that the service is starting. */
const HOLD_MS = 10_000
/** Requests held for one project. Each is a connection whose body is not read yet. */
const MAX_HELD = 1000
/** Requests held for all projects together, about 10 KB each. */
const MAX_HELD_IN_ALL = 5000

interface Expected {
  slug: string
  timer: NodeJS.Timeout
  waiting: ((run: AgentRun | null) => void)[]
}

/** Holds requests by project. Whoever creates it settles it. */
export class WaitingRoom {
  readonly #expected = new Map<string, Expected>()
  readonly #bySlug = new Map<string, string>()
  #held = 0

  /** The project will have a route soon. The answer takes that back, where nothing has come of it yet. */
  expect({ projectId, slug }: { projectId: string; slug: string }): () => void {
    if (this.#expected.has(projectId)) return () => {}
    const timer = setTimeout(() => this.settle(projectId, null), HOLD_MS)
    timer.unref()
    const expected: Expected = { slug, timer, waiting: [] }
    this.#expected.set(projectId, expected)
    this.#bySlug.set(slug, projectId)
    return () => {
      if (this.#expected.get(projectId) === expected) this.settle(projectId, null)
    }
  }

  /** @returns null when nothing is expected or too many wait; else settles with the run, or null when none came. */
  wait(by: { projectId: string } | { slug: string }): Promise<AgentRun | null> | null {
    const projectId = 'slug' in by ? this.#bySlug.get(by.slug) : by.projectId
    const expected = projectId === undefined ? undefined : this.#expected.get(projectId)
    if (!expected || expected.waiting.length >= MAX_HELD || this.#held >= MAX_HELD_IN_ALL) return null
    this.#held++
    return new Promise((resolve) => expected.waiting.push(resolve))
  }

  /** The project has a run again, or will have none for now. */
  settle(projectId: string, run: AgentRun | null): void {
    const expected = this.#expected.get(projectId)
    if (!expected) return
    clearTimeout(expected.timer)
    this.#expected.delete(projectId)
    this.#bySlug.delete(expected.slug)
    this.#held -= expected.waiting.length
    for (const resolve of expected.waiting) resolve(run)
  }

  /** Nothing is expected any more. */
  close(): void {
    for (const projectId of [...this.#expected.keys()]) this.settle(projectId, null)
  }
}
