import type { Db } from 'mongodb'
import type { ProjectColor, ProjectSettings } from './projects.schema.ts'

export interface ProjectDoc {
  _id: string
  name: string
  slug: string
  color: ProjectColor | null
  settings: ProjectSettings
  /** Of what a run is given at its start. */
  settingsChangedAt?: Date
  createdAt: Date
  createdBy: string | null
  /**
   * Set when a removal has begun: to everybody else the project is gone; a killed agent goes on with it. Set, too, while
   * a project is imported: nobody sees half of it, and what a killed agent left of it is removed.
   */
  removing?: true
}

export type ProjectsRepo = ReturnType<typeof createProjectsRepo>

export function createProjectsRepo(db: Db) {
  const projects = db.collection<ProjectDoc>('projects')
  const present = { removing: { $exists: false } }
  return {
    async ensureIndexes() {
      await projects.createIndex({ slug: 1 }, { unique: true })
    },
    /** @throws duplicate key for a taken slug */
    add: async (project: ProjectDoc) => void (await projects.insertOne(project)),
    find: (id: string) => projects.findOne({ _id: id, ...present }),
    findBySlug: (slug: string) => projects.findOne({ slug, ...present }),
    exists: async (id: string) =>
      (await projects.findOne({ _id: id, ...present }, { projection: { _id: 1 } })) !== null,
    all: () => projects.find(present).sort({ name: 1 }).toArray(),
    many: (ids: readonly string[]) =>
      projects
        .find({ _id: { $in: [...ids] }, ...present })
        .sort({ name: 1 })
        .toArray(),
    async takenSlugs(slugs: readonly string[]): Promise<Set<string>> {
      const docs = await projects
        .find({ slug: { $in: [...slugs] } })
        .project<{ slug: string }>({ slug: 1 })
        .toArray()
      return new Set(docs.map(({ slug }) => slug))
    },
    /** @throws duplicate key for a taken slug */
    update: (id: string, set: Partial<Omit<ProjectDoc, '_id'>>) =>
      projects.findOneAndUpdate({ _id: id, ...present }, { $set: set }, { returnDocument: 'after' }),
    /** One at a time: two people may switch two plugins at one moment. */
    async setPlugin(id: string, { plugin, enabled, at }: { plugin: string; enabled: boolean; at: Date }) {
      const change = enabled
        ? { $addToSet: { 'settings.plugins': plugin } }
        : { $pull: { 'settings.plugins': plugin } }
      await projects.updateOne({ _id: id, ...present }, { ...change, $set: { settingsChangedAt: at } })
    },
    noteSettingsChange: async (ids: readonly string[], at: Date) =>
      void (await projects.updateMany({ _id: { $in: [...ids] } }, { $set: { settingsChangedAt: at } })),
    markRemoving: async (id: string) =>
      void (await projects.updateOne({ _id: id }, { $set: { removing: true } })),
    /** False when it was removed meanwhile. */
    markArrived: async (id: string) =>
      (await projects.updateOne({ _id: id, removing: true }, { $unset: { removing: '' } })).matchedCount ===
      1,
    removing: () => projects.find({ removing: true }).toArray(),
    remove: async (id: string) => void (await projects.deleteOne({ _id: id })),
  }
}
