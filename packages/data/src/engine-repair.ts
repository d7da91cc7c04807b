import type { Clock } from '@m3m/base'
import type { Collections } from './collections.ts'
import type { OutboxRepo } from './events/outbox.repo.ts'
import { settleEvents } from './events/settle-events.ts'
import type { Conversions } from './models/conversions.ts'
import type { ModelsRepo } from './models/models.repo.ts'

/** A write of a live process takes less, or its event is told again (events/outbox.ts). */
const LIVE_WRITE_MS = 2000

export interface RepairDeps {
  collections: Collections
  outboxRepo: OutboxRepo
  modelsRepo: ModelsRepo
  conversions: Conversions
  clock: Clock
  /** Names this process: what it has under way itself is never touched. */
  engineId: string
}

/**
 * Settles what killed processes left half-done; how much there was. One project alone is repaired while others
 * live: their writes get the time that one takes.
 */
export async function repair(
  { collections, outboxRepo, modelsRepo, conversions, clock, engineId }: RepairDeps,
  projectId?: string,
): Promise<number> {
  const latest = new Date(clock.now() - (projectId === undefined ? 0 : LIVE_WRITE_MS))
  const filter = { pending: { $exists: true, $ne: engineId }, at: { $lte: latest } }
  const scope = projectId === undefined ? filter : { ...filter, projectId }
  const pending = await outboxRepo.events.find(scope).sort({ seq: 1 }).toArray()
  const settled = await settleEvents(outboxRepo, collections, pending)
  if (projectId !== undefined) return settled
  // Models are changed by the agent, which repairs everything: also a change whose number was not yet told.
  await modelsRepo.bumpRevisions()
  return settled + (await conversions.resume())
}
