import type { AgentEntry } from '../../../shared/desktop-port.ts'

/** A line of the list: the heading of a group, or an agent. The id is what is dragged. */
export type ListLine =
  { kind: 'group'; id: string; name: string } | { kind: 'agent'; id: string; agent: AgentEntry }

/** Those without a group first, then each group under its heading, in the person's order. Pure. */
export function linesOf(agents: readonly AgentEntry[]): ListLine[] {
  const groups = new Map<string | null, AgentEntry[]>([[null, []]])
  for (const agent of agents) groups.set(agent.group, [...(groups.get(agent.group) ?? []), agent])
  return [...groups].flatMap(([name, members]): ListLine[] => [
    ...(name === null ? [] : [{ kind: 'group' as const, id: `group:${name}`, name }]),
    ...members.map((agent): ListLine => ({ kind: 'agent', id: agent.id, agent })),
  ])
}

/** Every agent in its place, in the group whose heading stands above it. Pure. */
export function arrangementOf(lines: readonly ListLine[]): { id: string; group: string | null }[] {
  let group: string | null = null
  return lines.flatMap((line) => {
    if (line.kind === 'agent') return [{ id: line.id, group }]
    group = line.name
    return []
  })
}

/** The lines with the agent `id` at the place of the line `over`. Headings stay: an agent moves past them. Pure. */
export function movedLine(lines: readonly ListLine[], id: string, over: string): ListLine[] {
  const from = lines.findIndex((line) => line.id === id)
  const to = lines.findIndex((line) => line.id === over)
  if (from < 0 || to < 0) return [...lines]
  const next = [...lines]
  next.splice(to, 0, ...next.splice(from, 1))
  return next
}
