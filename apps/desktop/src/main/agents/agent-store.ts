import { newId } from '@m3m/base'
import { z } from 'zod'
import { desktopErrors } from '../desktop.errors.ts'
import { createJsonFile } from '../files/json-file.ts'

const storedAgentSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{24}$/),
  name: z.string(),
  url: z.url(),
  color: z.string().nullable(),
  group: z.string().nullable().default(null),
  favourites: z.array(z.object({ projectId: z.string(), slug: z.string(), name: z.string() })).default([]),
  fingerprint: z.string().nullable(),
  email: z.string().nullable(),
})
const fileSchema = z.object({
  version: z.literal(1),
  selected: z.string().nullable(),
  agents: z.array(storedAgentSchema),
})

/** What is kept of an agent on this computer. No credential is in it. */
export type StoredAgent = z.output<typeof storedAgentSchema>

export interface AgentStore {
  /** In the person's order. */
  list(): readonly StoredAgent[]
  /** @throws DESKTOP_AGENT_NOT_FOUND */
  get(id: string): StoredAgent
  find(url: string): StoredAgent | null
  /** Id of the agent shown last; null for none. */
  selected(): string | null
  add(agent: Pick<StoredAgent, 'name' | 'url' | 'color' | 'fingerprint'>): Promise<StoredAgent>
  update(id: string, change: Partial<Omit<StoredAgent, 'id' | 'url'>>): Promise<StoredAgent>
  /** Those first, in that order and with those groups; the others keep theirs behind them. Unknown ids are passed over. */
  arrange(wished: readonly { id: string; group: string | null }[]): Promise<void>
  remove(id: string): Promise<void>
  select(id: string | null): Promise<void>
}

/**
 * The list of agents, kept in `path` as JSON and held in memory. An address can be in it once.
 * @throws DESKTOP_AGENT_KNOWN from `add`
 */
export async function openAgentStore(options: {
  path: string
  onChange?: () => void
  onDamaged?: (keptAs: string) => void
}): Promise<AgentStore> {
  const { path, onDamaged } = options
  const empty: z.output<typeof fileSchema> = { version: 1, selected: null, agents: [] }
  const file = createJsonFile({ path, schema: fileSchema, empty, ...(onDamaged && { onDamaged }) })
  let state = await file.read()

  async function save(next: Partial<typeof state>): Promise<void> {
    state = { ...state, ...next }
    await file.write(state)
    options.onChange?.()
  }

  function get(id: string): StoredAgent {
    const agent = state.agents.find((one) => one.id === id)
    if (!agent) throw desktopErrors.DESKTOP_AGENT_NOT_FOUND({ id })
    return agent
  }

  const find = (url: string) => state.agents.find((one) => one.url === url) ?? null

  return {
    list: () => state.agents,
    get,
    find,
    selected: () => (state.agents.some((one) => one.id === state.selected) ? state.selected : null),
    async add(agent) {
      const known = find(agent.url)
      if (known) throw desktopErrors.DESKTOP_AGENT_KNOWN({ url: agent.url, name: known.name })
      const stored: StoredAgent = { ...agent, id: newId(), email: null, group: null, favourites: [] }
      await save({ agents: [...state.agents, stored] })
      return stored
    },
    async update(id, change) {
      const changed = { ...get(id), ...change }
      await save({ agents: state.agents.map((one) => (one.id === id ? changed : one)) })
      return changed
    },
    async arrange(wished) {
      const places = new Map(wished.map(({ id, group }, place) => [id, { group, place }]))
      const place = ({ id }: StoredAgent) => places.get(id)?.place ?? wished.length
      const agents = [...state.agents].sort((a, b) => place(a) - place(b))
      await save({ agents: agents.map((one) => ({ ...one, group: (places.get(one.id) ?? one).group })) })
    },
    async remove(id) {
      get(id)
      await save({ agents: state.agents.filter((one) => one.id !== id) })
    },
    async select(id) {
      if (id !== null) get(id)
      await save({ selected: id })
    },
  }
}
