import { expect, test } from 'vitest'
import type { AgentEntry } from '../src/shared/desktop-port.ts'
import { arrangementOf, linesOf, movedLine } from '../src/renderer/features/agents/agent-order.ts'

const agent = (id: string, group: string | null) => ({ id, name: id, group }) as AgentEntry
const agents = [
  agent('a', null),
  agent('b', 'Clients'),
  agent('c', 'Home'),
  agent('d', 'Clients'),
  agent('e', null),
]
const shown = (lines: ReturnType<typeof linesOf>) => lines.map(({ id }) => id)

test('agents without a group come first, then each group under its heading', () => {
  expect(shown(linesOf(agents))).toEqual(['a', 'e', 'group:Clients', 'b', 'd', 'group:Home', 'c'])
  expect(linesOf([])).toEqual([])
})

test('an agent belongs to the heading above it, wherever it was let go', () => {
  const lines = linesOf(agents)
  expect(arrangementOf(movedLine(lines, 'a', 'd'))).toEqual([
    { id: 'e', group: null },
    { id: 'b', group: 'Clients' },
    { id: 'd', group: 'Clients' },
    { id: 'a', group: 'Clients' },
    { id: 'c', group: 'Home' },
  ])
  expect(arrangementOf(movedLine(lines, 'c', 'group:Clients')).slice(0, 3)).toEqual([
    { id: 'a', group: null },
    { id: 'e', group: null },
    { id: 'c', group: null },
  ])
})

test('what is not there moves nothing', () => {
  const lines = linesOf(agents)
  expect(movedLine(lines, 'a', 'gone')).toEqual(lines)
  expect(movedLine(lines, 'gone', 'a')).toEqual(lines)
})
