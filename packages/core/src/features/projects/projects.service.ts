import type { z } from 'zod'
import type { Actor, SignedIn } from '../access/actor.schema.ts'
import type {
  MemberView,
  ProjectSettings,
  ProjectView,
  addMemberInput,
  createProjectInput,
  removeMemberInput,
  removeProjectInput,
  updateMemberInput,
  updateProjectInput,
} from './projects.schema.ts'

/** A project as other features see it. */
export interface Project {
  id: string
  name: string
  slug: string
  settings: ProjectSettings
}

export interface ProjectsService {
  /** Only those the one who asks may see, by name. */
  list(actor: SignedIn): Promise<ProjectView[]>
  /** @throws ACCESS_NO_PROJECT */
  get(actor: SignedIn, by: { projectId: string } | { slug: string }): Promise<ProjectView>
  /** A free slug made from a name; Cyrillic and other letters are transliterated. */
  suggestSlug(name: string): Promise<string>
  create(actor: SignedIn, input: z.output<typeof createProjectInput>): Promise<ProjectView>
  update(actor: SignedIn, input: z.output<typeof updateProjectInput>): Promise<ProjectView>
  /** Stops the run, then removes everything of the project everywhere. @throws PROJECT_NAME_NOT_CONFIRMED */
  remove(actor: SignedIn, input: z.output<typeof removeProjectInput>): Promise<void>
  members(projectId: string): Promise<MemberView[]>
  addMember(actor: SignedIn, input: z.output<typeof addMemberInput>): Promise<MemberView>
  updateMember(actor: SignedIn, input: z.output<typeof updateMemberInput>): Promise<MemberView>
  removeMember(actor: SignedIn, input: z.output<typeof removeMemberInput>): Promise<void>

  find(projectId: string): Promise<Project | null>
  findBySlug(slug: string): Promise<Project | null>
  all(): Promise<Project[]>
  /** Registers what else goes when a project goes. Runs in the order of registration, before the project itself. */
  onRemove(end: (project: Project, actor: Actor) => Promise<void>): void
  /** Told after a change of name, slug or settings. */
  onChange(listener: (project: Project) => void): void
}
