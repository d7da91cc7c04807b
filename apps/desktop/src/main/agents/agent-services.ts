import { AppError, type ErrorShape, type FieldError } from '@m3m/base'
import { z } from 'zod'
import type { Favourite } from '../../shared/desktop-port.ts'

const TIMEOUT_MS = 5_000
/** Asked as one batch. An older agent that lacks one of them answers the others. */
const ASKED = ['runs.states', 'projects.list', 'alerts.list', 'pipeline.recentReleases'] as const

/** Why something failed. An older agent sends its text alone. */
const reasonSchema = z.object({
  code: z.string().default(''),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
})
const stateSchema = z.enum(['running', 'starting', 'stopping', 'stopped', 'crashed'])
const runsSchema = z.array(
  z.object({
    projectId: z.string(),
    desired: z.object({ source: z.unknown() }).optional(),
    observed: z.object({ state: stateSchema, reason: reasonSchema.optional() }),
  }),
)
const projectsSchema = z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() }))
const alertsSchema = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    projectId: z.string().nullable(),
    value: z.number().nullable(),
    endedAt: z.string().nullable(),
  }),
)
const releasesSchema = z.array(
  z.object({
    projectId: z.string(),
    version: z.string(),
    tag: z.string(),
    own: z.boolean(),
    createdBy: z.object({ name: z.string() }).nullable(),
  }),
)

/** What the services of an agent do, as the person who is signed in may see them. */
export interface AgentServices {
  /** By project id. */
  states: ReadonlyMap<string, NonNullable<Favourite['state']>>
  /** By project id: why it ended; null where that is not known. */
  crashed: ReadonlyMap<string, FieldError | null>
  /** By project id: what would be started; as the agent names it. */
  sources: ReadonlyMap<string, unknown>
  projects: ReadonlyMap<string, { name: string; slug: string }>
  /** Those that last, but for crashes: they are told of by themselves. Null when the agent did not say. */
  alerts: ReadonlyMap<string, z.output<typeof alertsSchema>[number]> | null
  /** The newest of others; the key is project and version. Null when the agent did not say. */
  releases: ReadonlyMap<string, z.output<typeof releasesSchema>[number]> | null
}

/** Something that happened and that a person who does not look should know of. */
export type AgentNews =
  | { kind: 'crash'; project: string; slug: string; reason: FieldError | null }
  | { kind: 'alert'; about: string; project: string | null; value: number | null }
  | { kind: 'release'; project: string; slug: string; version: string; tag: string; by: string | null }

/** Asks an agent by a short-lived token, through its own session. */
export interface ServicesReach {
  url: string
  fetch: typeof globalThis.fetch
  token: string
}

/** Null when the agent did not answer. */
export async function askServices(reach: ServicesReach): Promise<AgentServices | null> {
  const answers = await askBatch(reach)
  const runs = runsSchema.safeParse(answers[0])
  if (!runs.success) return null
  const crashed = runs.data.filter(({ observed }) => observed.state === 'crashed')
  const alerts = alertsSchema.safeParse(answers[2]).data
  const lasting = alerts?.filter((one) => one.endedAt === null && one.kind !== 'crashed')
  const releases = releasesSchema.safeParse(answers[3]).data?.filter(({ own }) => !own)
  const projects = projectsSchema.safeParse(answers[1]).data ?? []
  return {
    states: new Map(runs.data.map(({ projectId, observed }) => [projectId, observed.state])),
    crashed: new Map(crashed.map(({ projectId, observed }) => [projectId, reasonOf(observed.reason)])),
    sources: new Map(runs.data.map(({ projectId, desired }) => [projectId, desired?.source ?? null])),
    projects: new Map(projects.map((project) => [project.id, project])),
    alerts: lasting ? new Map(lasting.map((one) => [one.id, one])) : null,
    releases: releases ? new Map(releases.map((one) => [`${one.projectId} ${one.version}`, one])) : null,
  }
}

function reasonOf(reason: z.output<typeof reasonSchema> | undefined): FieldError | null {
  if (!reason) return null
  const { code, message, params } = reason
  return { code, message, ...(params && { params }) }
}

/** What is in `now` and was not in `before`. Nothing is new at the first look. */
export function newsSince(before: AgentServices | null, now: AgentServices | null): AgentNews[] {
  if (before === null || now === null) return []
  const projectOf = (id: string) => now.projects.get(id)
  const crashes = added(before.crashed, now.crashed).flatMap(([id, reason]): AgentNews[] => {
    const project = projectOf(id)
    return project ? [{ kind: 'crash', project: project.name, slug: project.slug, reason }] : []
  })
  const alerts = added(before.alerts, now.alerts).map(([, { kind, projectId, value }]): AgentNews => {
    const project = projectId === null ? undefined : projectOf(projectId)
    return { kind: 'alert', about: kind, project: project?.name ?? null, value }
  })
  const releases = added(before.releases, now.releases).flatMap(([, one]): AgentNews[] => {
    const project = projectOf(one.projectId)
    // A project that one was let into only now brings its whole past with it.
    if (!project || !before.projects.has(one.projectId)) return []
    const { version, tag, createdBy } = one
    const by = createdBy?.name ?? null
    return [{ kind: 'release', project: project.name, slug: project.slug, version, tag, by }]
  })
  return [...crashes, ...alerts, ...releases]
}

type Known<V> = ReadonlyMap<string, V> | null

function added<V>(before: Known<V>, now: Known<V>): [string, V][] {
  return before === null || now === null ? [] : [...now].filter(([key]) => !before.has(key))
}

/** Starts, with what ran last, or stops a service. @throws AppError as the agent refused, Error when it did not answer as one */
export async function commandService(
  { url, fetch, token }: ServicesReach,
  command: { do: 'start' | 'stop'; projectId: string; source: unknown },
): Promise<void> {
  const { projectId, source } = command
  const answer = await fetch(`${url}/trpc/runs.${command.do}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(command.do === 'start' ? { projectId, source } : { projectId }),
    credentials: 'omit',
    redirect: 'error',
  })
  if (answer.ok) return
  const refusal = refusalSchema.safeParse(await answer.json())
  if (!refusal.success) throw new Error(`the agent answered ${answer.status}`)
  const { message, data } = refusal.data.error
  const shape: ErrorShape = { code: '', blame: 'host', status: answer.status, message }
  throw AppError.fromShape({ ...shape, ...(data?.app && reasonOf(data.app)) })
}

/** An error as tRPC sends it. */
const refusalSchema = z.object({
  error: z.object({ message: z.string(), data: z.object({ app: reasonSchema.optional() }).optional() }),
})

/** The data of each answer, in the order of {@link ASKED}; undefined where the agent refused. */
async function askBatch({ url, fetch, token }: ServicesReach): Promise<unknown[]> {
  const input = encodeURIComponent(JSON.stringify({ 2: { limit: 20 } }))
  try {
    const answer = await fetch(`${url}/trpc/${ASKED.join(',')}?batch=1&input=${input}`, {
      headers: { authorization: `Bearer ${token}` },
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const results = z
      .array(z.object({ result: z.object({ data: z.unknown() }).optional() }))
      .safeParse(await answer.json())
    return results.success ? results.data.map(({ result }) => result?.data) : []
  } catch {
    // Whether the agent can be reached is agent-status.ts's to tell.
    return []
  }
}
