import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { openAgentStore } from './agent-store.ts'

const agent = (name: string) => ({ name, url: `http://127.0.0.1/${name}`, color: null, fingerprint: null })

test('agents, their order and the selected one are there after a restart', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'agents.json')
  const store = await openAgentStore({ path })
  const [a, b, c] = [await store.add(agent('a')), await store.add(agent('b')), await store.add(agent('c'))]
  await store.update(b.id, { name: 'bee', color: 'teal', email: 'me@example.com' })
  await store.arrange([
    { id: c.id, group: 'Clients' },
    { id: 'unknown', group: null },
    { id: a.id, group: null },
  ])
  await store.select(b.id)

  const again = await openAgentStore({ path })
  expect(again.list().map((one) => one.name)).toEqual(['c', 'a', 'bee'])
  expect(again.list().map((one) => one.group)).toEqual(['Clients', null, null])
  expect(again.get(b.id)).toMatchObject({ color: 'teal', email: 'me@example.com' })
  expect(again.selected()).toBe(b.id)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder.path)).toEqual(['agents.json'])
})

test('an address can be in the list once', async () => {
  await using folder = await makeTempFolder()
  const store = await openAgentStore({ path: join(folder.path, 'agents.json') })
  await store.add(agent('a'))
  await expect(store.add(agent('a'))).rejects.toMatchObject({ code: 'DESKTOP_AGENT_KNOWN' })
})

test('removing the selected agent leaves none selected', async () => {
  await using folder = await makeTempFolder()
  const store = await openAgentStore({ path: join(folder.path, 'agents.json') })
  const { id } = await store.add(agent('a'))
  await store.select(id)
  await store.remove(id)
  expect(store.selected()).toBeNull()
  await expect(store.remove(id)).rejects.toMatchObject({ code: 'DESKTOP_AGENT_NOT_FOUND' })
})

test('many changes at once end in one whole file', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'agents.json')
  const store = await openAgentStore({ path })
  await Promise.all(Array.from({ length: 30 }, (_, n) => store.add(agent(`n${n}`))))
  expect(JSON.parse(await readFile(path, 'utf8')).agents).toHaveLength(30)
})

test('a damaged file is kept aside and said, not overwritten', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'agents.json')
  await writeFile(path, '{"version":1,"agents":[{')
  const kept: string[] = []
  const store = await openAgentStore({ path, onDamaged: (keptAs) => kept.push(keptAs) })
  await store.add(agent('a'))
  expect(kept).toEqual([`${path}.damaged`])
  expect(await readFile(kept[0]!, 'utf8')).toBe('{"version":1,"agents":[{')
})

test('a file of before groups and favourites is read', async () => {
  await using folder = await makeTempFolder()
  const path = join(folder.path, 'agents.json')
  const old = { ...agent('a'), id: 'a'.repeat(24), email: null }
  await writeFile(path, JSON.stringify({ version: 1, selected: null, agents: [old] }))
  const store = await openAgentStore({ path })
  expect(store.list()).toEqual([{ ...old, group: null, favourites: [] }])
})
