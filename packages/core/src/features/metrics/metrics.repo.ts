import type { Db } from 'mongodb'
import type { Bucket } from './metrics-ring.ts'

interface MetricsDoc {
  /** The project, or `agent`. */
  _id: string
  buckets: Bucket[]
}

export type MetricsRepo = ReturnType<typeof createMetricsRepo>

/** Rings as they were at the end of a step or of the agent: they go on after a restart. */
export function createMetricsRepo(db: Db) {
  const rings = db.collection<MetricsDoc>('metrics')
  return {
    all: () => rings.find().toArray(),
    async save(id: string, buckets: Bucket[]) {
      await rings.updateOne({ _id: id }, { $set: { buckets } }, { upsert: true })
    },
    remove: async (id: string) => void (await rings.deleteOne({ _id: id })),
  }
}
