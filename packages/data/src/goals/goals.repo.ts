import { type Collection, type Document, type Filter, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import { isDuplicateKey } from '../mongo-errors.ts'
import type { Goal } from './goals.schema.ts'

type GoalDocument = Omit<Goal, 'id' | 'createdAt' | 'updatedAt'> & {
  _id: ObjectId
  createdAt: Date
  updatedAt: Date
}

/** What one project counted on one UTC day. Totals are sums of these: no second number can disagree. */
interface StatDocument {
  goalId: string
  projectId: string
  day: Date
  value: number
}

export interface DayValue {
  goalId: string
  day: number
  value: number
}

export interface GoalsRepo {
  find(filter: Filter<GoalDocument>): Promise<Goal[]>
  byId(id: string): Promise<Goal | null>
  insert(goal: Goal): Promise<void>
  replace(goal: Goal): Promise<void>
  remove(goalId: string): Promise<void>
  clearStats(goalId: string): Promise<void>
  /** Adds to a day's value; exact however many do so at once. */
  increment(goalId: string, projectId: string, day: number, by: number): Promise<void>
  /** Values by day, projects added up. */
  days(query: {
    goalIds: readonly string[]
    from?: number
    to?: number
    projectIds?: readonly string[] | undefined
  }): Promise<DayValue[]>
  total(goalId: string): Promise<number>
  removeProject(projectId: string): Promise<void>
  ensureIndexes(): Promise<void>
}

export function createGoalsRepo(collections: Collections): GoalsRepo {
  const goals: Collection<GoalDocument> = collections.of<GoalDocument & Document>('goals')
  const stats: Collection<StatDocument> = collections.of<StatDocument & Document>('goalStats')
  return {
    find: async (filter) => (await goals.find(filter).sort({ name: 1, _id: 1 }).toArray()).map(toGoal),
    async byId(id) {
      const found = ObjectId.isValid(id) ? await goals.findOne({ _id: new ObjectId(id) }) : null
      return found && toGoal(found)
    },
    async insert(goal) {
      await goals.insertOne(toDocument(goal))
    },
    async replace(goal) {
      const { _id, ...rest } = toDocument(goal)
      await goals.replaceOne({ _id }, rest)
    },
    async remove(goalId) {
      await goals.deleteOne({ _id: new ObjectId(goalId) })
      await stats.deleteMany({ goalId })
    },
    async clearStats(goalId) {
      await stats.deleteMany({ goalId })
    },
    async increment(goalId, projectId, day, by) {
      const row = { goalId, projectId, day: new Date(day) }
      for (let tries = 0; ; tries += 1) {
        try {
          await stats.updateOne(row, { $inc: { value: by } }, { upsert: true })
          return
        } catch (error) {
          // Two made the day's first row at once; the index let one through, the other adds to it.
          if (!isDuplicateKey(error) || tries > 5) throw error
        }
      }
    },
    async days({ goalIds, from, to, projectIds }) {
      const day = {
        ...(from !== undefined && { $gte: new Date(from) }),
        ...(to !== undefined && { $lte: new Date(to) }),
      }
      const match: Document = { goalId: { $in: goalIds } }
      if (Object.keys(day).length > 0) match['day'] = day
      if (projectIds) match['projectId'] = { $in: projectIds }
      const group = { $group: { _id: { goalId: '$goalId', day: '$day' }, value: { $sum: '$value' } } }
      const rows = await stats.aggregate([{ $match: match }, group]).toArray()
      return rows.map((row) => {
        const key = row['_id'] as { goalId: string; day: Date }
        return { goalId: key.goalId, day: key.day.getTime(), value: Number(row['value']) }
      })
    },
    async total(goalId) {
      const [sum] = await stats
        .aggregate([{ $match: { goalId } }, { $group: { _id: null, value: { $sum: '$value' } } }])
        .toArray()
      return Number(sum?.['value'] ?? 0)
    },
    async removeProject(projectId) {
      const own = await goals.find({ projectId }).project<{ _id: ObjectId }>({ _id: 1 }).toArray()
      await stats.deleteMany({
        $or: [{ projectId }, { goalId: { $in: own.map(({ _id }) => _id.toHexString()) } }],
      })
      await goals.deleteMany({ projectId })
      await goals.updateMany({ projects: projectId }, { $pull: { projects: projectId } })
    },
    async ensureIndexes() {
      await goals.createIndex({ slug: 1 }, { unique: true })
      await stats.createIndex({ goalId: 1, day: 1, projectId: 1 }, { unique: true })
      await stats.createIndex({ projectId: 1 })
    },
  }
}

function toDocument({ id, createdAt, updatedAt, ...rest }: Goal): GoalDocument {
  return { _id: new ObjectId(id), ...rest, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) }
}

function toGoal({ _id, createdAt, updatedAt, ...rest }: GoalDocument): Goal {
  return {
    id: _id.toHexString(),
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
