import type { Collection } from '../store/collection.ts'
import type { Plan } from './plan.ts'

/** Index entries within a plan's ranges, counted until there are more than `most`. */
export function countEntries(collection: Collection, plan: Plan, most: number): number {
  if (plan.parts) return plan.parts.reduce((sum, part) => sum + countEntries(collection, part, most), 0)
  const text = plan.index
    ? 'SELECT count(*) FROM (SELECT 1 FROM {x} WHERE k>=? AND k<? LIMIT ?)'
    : 'SELECT count(*) FROM (SELECT 1 FROM {c} WHERE id>=? AND id<? LIMIT ?)'
  let count = 0
  for (const { low, high } of plan.ranges) {
    const statement = plan.index ? plan.index.sql(text) : collection.sql(text)
    count += (statement.get(low, high, most + 1 - count) as unknown as [number])[0]
    if (count > most) break
  }
  return count
}
