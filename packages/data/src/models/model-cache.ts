import type { Clock } from '@m3m/base'
import { compileModels, type ModelSet } from './compiled-model.ts'
import type { ModelsRepo } from './models.repo.ts'

/** How long a change made by another process may stay unseen when its message is lost: half of "within a second" (runtime-api.md, env). */
const TRUST_MS = 500
/** Projects kept compiled; the one used longest ago goes first. */
const MAX_PROJECTS = 500

interface Entry {
  set: ModelSet
  revision: number
  checkedAt: number
}

export interface ModelCache {
  get(projectId: string): Promise<ModelSet>
  invalidate(projectId: string): void
}

/** Models by project. A revision number read at most twice a second tells whether another process changed them. */
export function createModelCache(repo: ModelsRepo, clock: Clock): ModelCache {
  const entries = new Map<string, Entry>()
  const loading = new Map<string, Promise<Entry>>()

  async function load(projectId: string, known: Entry | undefined): Promise<Entry> {
    const checkedAt = clock.now()
    // Before the models: what changes between the two reads is then loaded again at the next look.
    const revision = await repo.revision(projectId)
    if (known && known.revision === revision) return { ...known, checkedAt }
    return { set: compileModels(await repo.list(projectId)), revision, checkedAt }
  }

  function refresh(projectId: string): Promise<Entry> {
    const running = loading.get(projectId)
    if (running) return running
    const started: Promise<Entry> = load(projectId, entries.get(projectId)).then(
      (entry) => {
        // An invalidation that came meanwhile has taken this load off the list.
        if (loading.get(projectId) === started) {
          loading.delete(projectId)
          keep(projectId, entry)
        }
        return entry
      },
      (error: unknown) => {
        if (loading.get(projectId) === started) loading.delete(projectId)
        throw error
      },
    )
    loading.set(projectId, started)
    return started
  }

  function keep(projectId: string, entry: Entry): void {
    entries.delete(projectId)
    entries.set(projectId, entry)
    if (entries.size > MAX_PROJECTS) entries.delete(entries.keys().next().value!)
  }

  return {
    async get(projectId) {
      const entry = entries.get(projectId)
      if (entry && Math.abs(clock.now() - entry.checkedAt) < TRUST_MS) return entry.set
      return (await refresh(projectId)).set
    },
    invalidate(projectId) {
      entries.delete(projectId)
      loading.delete(projectId)
    },
  }
}
