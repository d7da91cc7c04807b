import type { FieldError } from '@m3m/base'
import { type Collection, type Db, type Filter, ObjectId } from 'mongodb'
import type { AlertDelivery, AlertKind } from './alerts.schema.ts'

/** A rule as it is stored: credentials are sealed. */
export interface StoredRule {
  id: string
  projectId: string | null
  kind: AlertKind
  threshold: number | null
  goal: string | null
  enabled: boolean
  emails: string[]
  webhook: { url: string; secret: string | null } | null
  telegram: { botToken: string; chatId: string } | null
}

export interface StoredAlert {
  id: string
  ruleId: string
  /** What of the rule: the project, and what tells one trouble from the next. */
  key: string
  kind: AlertKind
  projectId: string | null
  value: number | null
  threshold: number | null
  goal: string | null
  reason: string | null
  /** Absent in alerts of older versions. */
  because?: FieldError | null
  since: Date
  endedAt: Date | null
  deliveries: AlertDelivery[]
}

type WithId<T> = Omit<T, 'id'> & { _id: ObjectId }

export interface AlertsRepo {
  rules(projectId: string | null): Promise<StoredRule[]>
  allRules(): Promise<StoredRule[]>
  saveRule(rule: StoredRule): Promise<void>
  removeRule(projectId: string | null, id: string): Promise<boolean>
  /** Those that last. */
  open(): Promise<StoredAlert[]>
  /** Newest first; of these projects, and with null of the agent itself. */
  alerts(query: {
    projectIds: (string | null)[]
    limit: number
    before?: string | undefined
  }): Promise<StoredAlert[]>
  begin(alert: StoredAlert): Promise<void>
  change(id: string, change: Partial<Pick<StoredAlert, 'endedAt' | 'deliveries'>>): Promise<void>
  /** What ended before that moment is forgotten. */
  forget(before: Date): Promise<void>
  removeProject(projectId: string): Promise<void>
  ensureIndexes(): Promise<void>
}

export function createAlertsRepo(db: Db): AlertsRepo {
  const rules: Collection<WithId<StoredRule>> = db.collection('alertRules')
  const alerts: Collection<WithId<StoredAlert>> = db.collection('alerts')
  const ruleList = async (filter: Filter<WithId<StoredRule>>) =>
    (await rules.find(filter).sort({ _id: 1 }).toArray()).map(fromId)
  return {
    rules: (projectId) => ruleList({ projectId }),
    allRules: () => ruleList({}),
    async saveRule({ id, ...rule }) {
      await rules.replaceOne({ _id: new ObjectId(id) }, rule, { upsert: true })
    },
    removeRule: async (projectId, id) =>
      (await rules.deleteOne({ _id: new ObjectId(id), projectId })).deletedCount === 1,
    open: async () => (await alerts.find({ endedAt: null }).toArray()).map(fromId),
    async alerts({ projectIds, limit, before }) {
      const filter = { projectId: { $in: projectIds }, ...(before && { _id: { $lt: new ObjectId(before) } }) }
      return (await alerts.find(filter).sort({ _id: -1 }).limit(limit).toArray()).map(fromId)
    },
    async begin({ id, ...alert }) {
      await alerts.insertOne({ _id: new ObjectId(id), ...alert })
    },
    async change(id, change) {
      await alerts.updateOne({ _id: new ObjectId(id) }, { $set: change })
    },
    async forget(before) {
      await alerts.deleteMany({ endedAt: { $lt: before } })
    },
    async removeProject(projectId) {
      await rules.deleteMany({ projectId })
      await alerts.deleteMany({ projectId })
    },
    async ensureIndexes() {
      await rules.createIndex({ projectId: 1 })
      await alerts.createIndex({ projectId: 1, _id: -1 })
      await alerts.createIndex({ endedAt: 1 })
    },
  }
}

function fromId<T extends { _id: ObjectId }>({ _id, ...rest }: T): Omit<T, '_id'> & { id: string } {
  return { ...rest, id: _id.toHexString() }
}
