import { z } from 'zod'

const TIMEOUT_MS = 5_000

const statesSchema = z.object({
  result: z.object({
    data: z.array(
      z.object({
        projectId: z.string(),
        observed: z.object({ state: z.string(), reason: z.object({ message: z.string() }).optional() }),
      }),
    ),
  }),
})
const projectsSchema = z.object({
  result: z.object({ data: z.array(z.object({ id: z.string(), name: z.string(), slug: z.string() })) }),
})

/** What the services of an agent do, as the person who is signed in may see them. */
export interface AgentServices {
  running: number
  /** By project id: why it ended. */
  crashed: ReadonlyMap<string, string>
}

/** A service that was not crashed when the agent was asked before. */
export interface Crash {
  project: string
  slug: string
  reason: string
}

/** Asks an agent by a short-lived token, through its own session. */
export interface ServicesReach {
  url: string
  fetch: typeof globalThis.fetch
  /** Null while nobody is signed in. */
  token: () => Promise<string | null>
}

/** Null while nobody is signed in, or when the agent did not answer. */
export async function askServices(reach: ServicesReach): Promise<AgentServices | null> {
  const answer = statesSchema.safeParse(await get(reach, 'runs.states'))
  if (!answer.success) return null
  const states = answer.data.result.data
  const crashed = states.filter(({ observed }) => observed.state === 'crashed')
  return {
    running: states.filter(({ observed }) => observed.state === 'running').length,
    crashed: new Map(crashed.map(({ projectId, observed }) => [projectId, observed.reason?.message ?? ''])),
  }
}

/** Those that crashed since `before`, with their names. Nothing is new at the first look. */
export async function newCrashes(
  reach: ServicesReach,
  before: AgentServices | null,
  now: AgentServices,
): Promise<Crash[]> {
  const fresh = [...now.crashed].filter(([projectId]) => before !== null && !before.crashed.has(projectId))
  if (fresh.length === 0) return []
  const answer = projectsSchema.safeParse(await get(reach, 'projects.list'))
  if (!answer.success) return []
  const projects = new Map(answer.data.result.data.map((project) => [project.id, project]))
  return fresh.flatMap(([projectId, reason]) => {
    const project = projects.get(projectId)
    return project ? [{ project: project.name, slug: project.slug, reason }] : []
  })
}

async function get({ url, fetch, token }: ServicesReach, procedure: string): Promise<unknown> {
  try {
    const bearer = await token()
    if (bearer === null) return null
    const answer = await fetch(`${url}/trpc/${procedure}`, {
      headers: { authorization: `Bearer ${bearer}` },
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return await answer.json()
  } catch {
    // Whether the agent can be reached is agent-status.ts's to tell.
    return null
  }
}
