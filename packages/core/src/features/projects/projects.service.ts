import type { Clock, Logger } from '@m3m/base'
import { newId } from '@m3m/base'
import type { z } from 'zod'
import { isDuplicateKey } from '../../duplicate-key.ts'
import { accessErrors } from '../access/access.errors.ts'
import type { AccessService } from '../access/access.service.ts'
import type { Actor, SignedIn } from '../access/actor.schema.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { SessionsService } from '../auth/sessions.service.ts'
import type { UsersService } from '../users/users.service.ts'
import { createArrivals, type Arrivals } from './arrivals.ts'
import type { Members } from './members.ts'
import { createMembers } from './members.ts'
import { createProjectNews, type ProjectNewsDesk } from './project-news.ts'
import { changesRuns, checkSettings, mergeSettings, settingsOf } from './project-settings.ts'
import { projectErrors } from './projects.errors.ts'
import type { ProjectDoc, ProjectsRepo } from './projects.repo.ts'
import type {
  ProjectColor,
  ProjectLimitsView,
  ProjectSettings,
  ProjectView,
  createProjectInput,
  removeProjectInput,
  updateProjectInput,
} from './projects.schema.ts'
import { DEFAULT_PROJECT_SETTINGS } from './projects.schema.ts'
import { slugCandidates } from './slug.ts'

/** A project as other features see it. */
export interface Project {
  id: string
  name: string
  slug: string
  color: ProjectColor | null
  settings: ProjectSettings
  createdAt: Date
}

export interface ProjectsService extends Members, Arrivals {
  /** Only those the one who asks may see, by name. */
  list(actor: SignedIn): Promise<ProjectView[]>
  /** @throws ACCESS_NO_PROJECT */
  get(actor: SignedIn, by: { projectId: string } | { slug: string }): Promise<ProjectView>
  /** A free slug made from a name; Cyrillic and other letters are transliterated. */
  suggestSlug(name: string): Promise<string>
  /** The creator becomes its owner. @throws PROJECT_SLUG_TAKEN */
  create(actor: SignedIn, input: z.output<typeof createProjectInput>): Promise<ProjectView>
  /** @throws PROJECT_SLUG_TAKEN */
  update(actor: SignedIn, input: z.output<typeof updateProjectInput>): Promise<ProjectView>
  /** What the settings of every project stand against. */
  limits(): ProjectLimitsView
  /** Stops the run, then removes everything of the project everywhere. @throws PROJECT_NAME_NOT_CONFIRMED */
  remove(actor: SignedIn, input: z.output<typeof removeProjectInput>): Promise<void>
  /** Takes back a project that has not arrived, and all that was written of it. */
  giveUp(projectId: string): Promise<void>
  /** Goes on with removals that a killed agent left behind. */
  finishRemovals(): Promise<void>

  find(projectId: string): Promise<Project | null>
  findBySlug(slug: string): Promise<Project | null>
  all(): Promise<Project[]>
  /** Most bytes of all files of a project, by its settings or the agent's; `null` is no limit. */
  storageQuotaOf(projectId: string): Promise<number | null>
  /** Switches a plugin on or off, from the next start on; the caller has looked who may. */
  setPlugin(projectId: string, plugin: string, enabled: boolean): Promise<void>
  /** Something outside of these projects changed that their next start is given. */
  noteSettingsChange(projectIds: readonly string[]): Promise<void>
  /** Registers what else goes when a project goes. Runs in the order of registration, before the project itself. */
  onRemove(end: ProjectEnd): void
  /** Told after a change of name, slug or settings. */
  onChange(listener: (project: Project, before: Project) => void): void
  readonly news: ProjectNewsDesk
}

export type ProjectEnd = (project: Project, actor: Actor) => Promise<void>

export interface ProjectsDeps {
  repo: ProjectsRepo
  access: AccessService
  users: UsersService
  sessions: SessionsService
  audit: AuditService
  /** Asked at each call. */
  limits(): ProjectLimitsView
  clock: Clock
  logger: Logger
}

/** Slugs looked at before a random one is taken. */
const SLUG_TRIES = 50

export function createProjects(deps: ProjectsDeps): ProjectsService {
  const { repo, access } = deps
  const ends: ProjectEnd[] = []
  const listeners: ((project: Project, before: Project) => void)[] = []
  const list = (actor: SignedIn) => visibleTo(deps, actor)
  const news = createProjectNews(access, async (actor) => (await list(actor)).map(({ id }) => id))

  return {
    ...createMembers(deps, news),
    ...createArrivals(deps, news),
    news,
    list,
    async get({ user }, by) {
      const doc = 'slug' in by ? await repo.findBySlug(by.slug) : await repo.find(by.projectId)
      const role = doc && (await access.roleIn(user, doc._id))
      if (!role) throw accessErrors.ACCESS_NO_PROJECT({ project: 'slug' in by ? by.slug : by.projectId })
      return (await viewsFor(deps, [doc], () => role))[0]!
    },
    limits: deps.limits,
    suggestSlug: (name) => suggestSlug(deps, name),
    async create(actor, input) {
      const made = await create(deps, actor, input)
      news.tell(made.id, 'project')
      return made
    },
    async update(actor, input) {
      const { before, after } = await update(deps, actor, input)
      for (const listener of listeners) listener(toProject(after), toProject(before))
      news.tell(after._id, 'project')
      const role = (await access.roleIn(actor.user, after._id)) ?? 'viewer'
      return (await viewsFor(deps, [after], () => role))[0]!
    },
    async remove(actor, { projectId, confirmName }) {
      const doc = await repo.find(projectId)
      if (!doc) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
      if (doc.name !== confirmName) throw notConfirmed(doc.name)
      await repo.markRemoving(projectId)
      news.tell(projectId, 'project')
      await removeEverywhere(deps, ends, { doc, actor })
    },
    async giveUp(projectId) {
      const doc = (await repo.removing()).find(({ _id }) => _id === projectId)
      if (doc) await removeEverywhere(deps, ends, { doc, actor: AGENT_ACTOR })
    },
    async finishRemovals() {
      for (const doc of await repo.removing()) {
        await removeEverywhere(deps, ends, { doc, actor: AGENT_ACTOR }).catch((error: unknown) => {
          deps.logger.error('a project could not be removed to the end', { projectId: doc._id, error })
        })
      }
    },
    find: async (projectId) => present(await repo.find(projectId)),
    findBySlug: async (slug) => present(await repo.findBySlug(slug)),
    all: async () => (await repo.all()).map(toProject),
    async storageQuotaOf(projectId) {
      const own = (await repo.find(projectId))?.settings.limits.storageQuotaBytes
      return own ?? deps.limits().defaults.storageQuotaBytes
    },
    async setPlugin(projectId, plugin, enabled) {
      await repo.setPlugin(projectId, { plugin, enabled, at: new Date(deps.clock.now()) })
      news.tell(projectId, 'project')
    },
    async noteSettingsChange(projectIds) {
      await repo.noteSettingsChange(projectIds, new Date(deps.clock.now()))
      for (const projectId of projectIds) news.tell(projectId, 'project')
    },
    onRemove: (end) => void ends.push(end),
    onChange: (listener) => void listeners.push(listener),
  }
}

async function visibleTo(deps: ProjectsDeps, { user }: SignedIn): Promise<ProjectView[]> {
  const { repo, access } = deps
  if (user.root) return viewsFor(deps, await repo.all(), () => 'owner')
  const roles = new Map((await access.membershipsOf(user.id)).map((m) => [m.projectId, m.role]))
  return viewsFor(deps, await repo.many([...roles.keys()]), (id) => roles.get(id)!)
}

async function viewsFor(
  { users }: ProjectsDeps,
  docs: readonly ProjectDoc[],
  roleOf: (projectId: string) => ProjectView['role'],
): Promise<ProjectView[]> {
  const names = await users.names(docs.map(({ createdBy }) => createdBy))
  return docs.map(({ _id, name, slug, color, settings, settingsChangedAt, createdAt, createdBy }) => ({
    id: _id,
    name,
    slug,
    color,
    role: roleOf(_id),
    settings: settingsOf(settings),
    settingsChangedAt: settingsChangedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    createdBy: (createdBy && names.get(createdBy)) || null,
  }))
}

async function suggestSlug({ repo }: ProjectsDeps, name: string): Promise<string> {
  const candidates = slugCandidates(name, SLUG_TRIES)
  const taken = await repo.takenSlugs(candidates)
  return candidates.find((slug) => !taken.has(slug)) ?? `${candidates[0]}-${newId().slice(-6)}`
}

async function create(deps: ProjectsDeps, actor: SignedIn, input: z.output<typeof createProjectInput>) {
  const { repo, access, audit, clock } = deps
  const now = clock.now()
  const doc: ProjectDoc = {
    _id: newId(now),
    name: input.name,
    slug: input.slug ?? (await suggestSlug(deps, input.name)),
    color: input.color,
    settings: DEFAULT_PROJECT_SETTINGS,
    createdAt: new Date(now),
    createdBy: actor.userId,
  }
  try {
    await repo.add(doc)
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    // Somebody was faster with a slug that was only suggested: take the next one.
    if (input.slug !== undefined) throw slugTaken(doc.slug, error)
    doc.slug = `${doc.slug.slice(0, 56)}-${doc._id.slice(-6)}`
    await repo.add(doc)
  }
  await access.setRole(doc._id, actor.userId, 'owner')
  const after = { name: doc.name, slug: doc.slug }
  await audit.add(actor, { action: 'projects.create', projectId: doc._id, target: doc.name, after })
  return (await viewsFor(deps, [doc], () => 'owner'))[0]!
}

async function update(deps: ProjectsDeps, actor: SignedIn, input: z.output<typeof updateProjectInput>) {
  const { projectId, name, slug, color, settings } = input
  const before = await deps.repo.find(projectId)
  if (!before) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
  const held = settingsOf(before.settings)
  const wanted = mergeSettings(held, settings)
  checkSettings(deps.limits(), actor, { held, wanted })
  const changes = {
    name: name ?? before.name,
    slug: slug ?? before.slug,
    color: color === undefined ? before.color : color,
    settings: wanted,
  }
  const isForRuns = changesRuns(held, wanted)
  const after = await deps.repo
    .update(projectId, {
      ...changes,
      ...(isForRuns && { settingsChangedAt: new Date(deps.clock.now()) }),
    })
    .catch((error: unknown) => {
      throw isDuplicateKey(error) ? slugTaken(changes.slug, error) : error
    })
  if (!after) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
  const was = { name: before.name, slug: before.slug, color: before.color, settings: held }
  await deps.audit.add(actor, {
    action: 'projects.update',
    projectId,
    target: after.name,
    before: was,
    after: changes,
  })
  return { before, after }
}

/** The run first, the project's own document last: whatever a killed agent left is found again at its next start. */
async function removeEverywhere(
  { repo, access, audit }: ProjectsDeps,
  ends: readonly ProjectEnd[],
  { doc, actor }: { doc: ProjectDoc; actor: Actor },
): Promise<void> {
  for (const end of ends) await end(toProject(doc), actor)
  await access.removeProject(doc._id)
  await repo.remove(doc._id)
  await audit.add(actor, { action: 'projects.remove', projectId: doc._id, target: doc.name })
}

function toProject({ _id: id, name, slug, color, settings, createdAt }: ProjectDoc): Project {
  return { id, name, slug, color, settings: settingsOf(settings), createdAt }
}

function present(doc: ProjectDoc | null): Project | null {
  return doc && toProject(doc)
}

function slugTaken(slug: string, cause: unknown) {
  const field = projectErrors.PROJECT_SLUG_TAKEN({ slug }).toField()
  return projectErrors.PROJECT_SLUG_TAKEN({ slug }, { cause, fields: { slug: field } })
}

function notConfirmed(name: string) {
  const field = projectErrors.PROJECT_NAME_NOT_CONFIRMED({ name }).toField()
  return projectErrors.PROJECT_NAME_NOT_CONFIRMED({ name }, { fields: { confirmName: field } })
}
