import type { SessionsRepo } from './auth.repo.ts'

/** Ends of sessions: whoever listens to `ended` hears it in the moment the session is gone. */
export function createSessionEnds(repo: SessionsRepo) {
  const controllers = new Map<string, AbortController>()
  return {
    async end(ids: readonly string[]): Promise<void> {
      await repo.remove(ids)
      for (const id of ids) {
        controllers.get(id)?.abort()
        controllers.delete(id)
      }
    },
    ended(id: string): AbortSignal {
      let controller = controllers.get(id)
      if (!controller) controllers.set(id, (controller = new AbortController()))
      return controller.signal
    },
  }
}

export type SessionEnds = ReturnType<typeof createSessionEnds>
