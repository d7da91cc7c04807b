import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { silentLogger } from '@m3m/base'
import { openTestAgent } from '../testing/open-agent.ts'
import { createPluginCatalogue } from './plugin-catalogue.ts'

test('the example plugin greets, adds and reverses in both spellings', async () => {
  const folder = resolve(import.meta.dirname, '../../../../plugins')
  const plugins = createPluginCatalogue({ folder, config: () => ({}), logger: silentLogger })
  await using agent = await openTestAgent({ plugins })
  await agent.run(
    'shop',
    `router.get('/', async () => [await example.hello('Ann'), $example.hello('Bob'), example.add(2, 3), $example.reverse('on')])`,
    { plugins: ['example'] },
  )
  expect(await (await fetch(`${agent.base('shop')}/`)).json()).toEqual([
    ...['Hello, Ann, from shop!', 'Hello, Bob, from shop!', 5, 'no'],
  ])
})

test('every example has types and docs for each member, and nothing else', async () => {
  const folder = resolve(import.meta.dirname, '../../../../plugins')
  const plugins = createPluginCatalogue({ folder, config: () => ({}), logger: silentLogger })
  const [list, pages] = await Promise.all([plugins.list(), plugins.pages()])
  expect(list.map(({ name }) => name)).toEqual(['example', 'native-hash', 'telegram'])
  for (const { name, members, manifest } of list) {
    const headings = pages.find(({ plugin }) => plugin === name)!.members.map((member) => member.name)
    expect(headings.filter((heading) => heading !== 'Errors').toSorted(), name).toEqual(members.toSorted())
    const [types] = await plugins.declarations([name])
    const typed = [...types!.dts.matchAll(/^ {2}(?:readonly )?(\w+)\(/gm)].map((match) => match[1])
    for (const member of members) expect(typed, `${name} ${manifest!.version}`).toContain(member)
  }
})
