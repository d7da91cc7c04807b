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
