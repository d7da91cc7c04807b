import { createWaiters, type Waiting } from './waiters.ts'

/** Knows in which commit each namespace was last written to: what a transaction compares its reads with. */
export interface ChangeClock {
  /** Commits so far. What is being written belongs to the next one. */
  readonly commits: number
  /** Something was committed. */
  advance(): void
  /** A namespace is being written to. */
  touch(ns: string): void
  /** Whether a namespace was written to, or is being, after that many commits. */
  changedSince(ns: string, commits: number): boolean
  /** Resolves after the next commit behind so many, when `ms` have passed, or when `stop` is called. */
  wait(commits: number, ms: number): Waiting
}

export function createChangeClock(): ChangeClock {
  const last = new Map<string, number>()
  const waiters = createWaiters()
  let commits = 0
  return {
    get commits() {
      return commits
    },
    advance() {
      commits++
      waiters.wake(commits)
    },
    touch(ns) {
      last.set(ns, commits + 1)
    },
    changedSince: (ns, since) => (last.get(ns) ?? 0) > since,
    wait: (after, ms) => waiters.wait(after, { ms, reached: commits }),
  }
}
