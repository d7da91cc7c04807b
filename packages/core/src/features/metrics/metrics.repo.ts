import type { Db } from 'mongodb'
import { groupWrites } from '../../group-writes.ts'
import type { Bucket, OpenStep } from './metrics-ring.ts'

interface MetricsDoc {
  /** The project, or `agent`. */
  _id: string
  buckets: Bucket[]
}

/** One document for all: what is written most often is one small write. */
interface OpenStepsDoc {
  _id: 'open'
  /** By project, or `agent`. */
  steps: Record<string, OpenStep>
}

export type MetricsRepo = ReturnType<typeof createMetricsRepo>

/** Rings as they were at the end of a step or of the agent, and the steps begun since: they go on after a restart. */
export function createMetricsRepo(db: Db) {
  const rings = db.collection<MetricsDoc>('metrics')
  const write = groupWrites(rings)
  const open = db.collection<OpenStepsDoc>('metrics_open')
  return {
    all: () => rings.find().toArray(),
    save: (id: string, buckets: Bucket[]) =>
      write({ updateOne: { filter: { _id: id }, update: { $set: { buckets } }, upsert: true } }),
    openSteps: async (): Promise<Record<string, OpenStep>> =>
      (await open.findOne({ _id: 'open' }))?.steps ?? {},
    async saveOpenSteps(steps: Record<string, OpenStep>) {
      await open.replaceOne({ _id: 'open' }, { steps }, { upsert: true })
    },
    async remove(id: string) {
      await rings.deleteOne({ _id: id })
      await open.updateOne({ _id: 'open' }, { $unset: { [`steps.${id}`]: '' } })
    },
  }
}
