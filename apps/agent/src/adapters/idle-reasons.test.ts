import type { Core } from '@m3m/core'
import { expect, test } from 'vitest'
import { createIdleReasons } from './idle-reasons.ts'

/** Projects and their states in memory; counts how often a slug is looked up. */
function openCore(slugs: Record<string, string>) {
  const states = new Map<string, string>()
  const heard: (() => void)[] = []
  const core = { lookups: 0, slugs, states, changed: () => heard.forEach((tell) => tell()) }
  const found = (id: string | undefined) => (id === undefined ? null : { id })
  const services = {
    projects: {
      findBySlug: async (slug: string) => {
        core.lookups++
        return found(core.slugs[slug])
      },
      find: async (id: string) => found(Object.values(core.slugs).find((known) => known === id)),
      onChange: (listener: () => void) => void heard.push(listener),
      onRemove: (listener: () => void) => void heard.push(listener),
    },
    runs: {
      state: async (id: string) => {
        if (!Object.values(core.slugs).includes(id)) throw new Error(`there is no project ${id}`)
        return { observed: { state: states.get(id) ?? 'stopped' } }
      },
    },
  } as unknown as Core['services']
  return { core, reasonOf: createIdleReasons(services) }
}

test('who asks until a service is up reads the database once, and hears the state as it is', async () => {
  const { core, reasonOf } = openCore({ shop: 'p1' })
  expect(await reasonOf({ slug: 'shop' })).toBe('stopped')
  core.states.set('p1', 'starting')
  expect(await reasonOf({ slug: 'shop' })).toBe('starting')
  core.states.set('p1', 'crashed')
  expect(await reasonOf({ slug: 'shop' })).toBe('crashed')
  expect(core.lookups).toBe(1)
})

test('a slug that nobody has is looked up each time, and is found when somebody takes it', async () => {
  const { core, reasonOf } = openCore({})
  expect(await reasonOf({ slug: 'shop' })).toBeNull()
  core.slugs['shop'] = 'p1'
  expect(await reasonOf({ slug: 'shop' })).toBe('stopped')
})

test('a slug that goes to another project is that one’s', async () => {
  const { core, reasonOf } = openCore({ shop: 'p1', other: 'p2' })
  core.states.set('p2', 'crashed')
  expect(await reasonOf({ slug: 'shop' })).toBe('stopped')
  core.slugs = { shop: 'p2', other: 'p1' }
  core.changed()
  expect(await reasonOf({ slug: 'shop' })).toBe('crashed')
})

test('a project that was removed while it was asked about is gone', async () => {
  const { core, reasonOf } = openCore({ shop: 'p1' })
  expect(await reasonOf({ slug: 'shop' })).toBe('stopped')
  core.slugs = {}
  expect(await reasonOf({ slug: 'shop' })).toBeNull()
  expect(await reasonOf({ projectId: 'p1' })).toBeNull()
})

test('what was read before a change is not remembered', async () => {
  const { core, reasonOf } = openCore({ shop: 'p1' })
  const asked = reasonOf({ slug: 'shop' })
  core.changed()
  await asked
  await reasonOf({ slug: 'shop' })
  expect(core.lookups).toBe(2)
})
