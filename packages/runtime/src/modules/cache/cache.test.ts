import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock } from '@m3m/base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostContext } from '../../module/define-module.ts'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'
import { createCacheHost } from './cache.host.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-cache-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeRoom('cache', { prepare: () => Promise.resolve({ storagePath: folder }) })

const run = async (code: string) => {
  await using service = await openTestService({
    storagePath: folder,
    code: `const code = (call) => { try { return call() } catch (error) { return error.code ?? String(error) } }; router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}
const open = (name: string) =>
  createCacheHost({
    storagePath: join(folder, name, 'storage'),
    clock: systemClock,
    logger: silentLogger,
  } as unknown as HostContext)

describe('cache', () => {
  it('ends entries by their time, in seconds', async () => {
    expect(
      await run(`
        cache.set('short', 1, { ttl: 0.02 }); cache.set('long', 1, { ttl: 100 }); cache.increment('count', 1, { ttl: 0.02 }); cache.increment('count')
        const before = [cache.has('short'), cache.get('count')]
        await utils.sleep(40)
        return [before, cache.has('short'), cache.get('long'), cache.get('count'), cache.keys()]`),
    ).toEqual([[true, 2], false, 1, null, ['long']])
  })

  it('gives copies, shares both spellings, and is bounded by what was used longest ago', async () => {
    expect(
      await run(`
        const value = { list: [1] }; cache.set('a', value); value.list.push(2); cache.get('a').list.push(3)
        $cache.set('b', new Date(0))
        for (let i = 0; i < 10000; i++) { cache.set('n' + i, i); if (i % 1000 === 0) cache.get('a') }
        const kept = [cache.get('a'), cache.has('b'), cache.keys().length]
        for (let i = 0; i < 40; i++) cache.set('big' + i, 'x'.repeat(500000))
        return [kept, cache.keys().filter((key) => key.startsWith('big')).length <= 17]`),
    ).toEqual([[{ list: [1] }, false, 10_000], true])
  })

  it('makes a remembered value once, and keeps nothing that failed', async () => {
    expect(
      await run(`
        let made = 0
        const slow = async () => { made++; await utils.sleep(10); return { made } }
        const all = await Promise.all([1, 2, 3].map(() => cache.remember('x', 60, slow)))
        const failed = await cache.remember('y', 60, async () => { throw new Error('no') }).catch((error) => error.message)
        return [all, made, failed, cache.has('y'), $cache.remember('z', 60, () => 7), $cache.remember('z', 60, () => 8), await cache.remember('x', 60, slow)]`),
    ).toEqual([[{ made: 1 }, { made: 1 }, { made: 1 }], 1, 'no', false, 7, 7, { made: 1 }])
  })

  it('names what is wrong', async () => {
    expect(
      await run(`cache.set('text', 'x'); return [
        code(() => cache.increment('text')), code(() => cache.set('a', 1, { ttl: -1 })), code(() => cache.set('a', 'x'.repeat(9e6))), code(() => $cache.remember('q', 1)), code(() => cache.set('f', () => 1)), code(() => cache.set('f', { a: Promise.resolve() })), code(() => cache.set('f', new Proxy({}, {}))),
      ]`),
    ).toEqual([
      'CACHE_NOT_A_NUMBER',
      'CACHE_OPTION_INVALID',
      'CACHE_VALUE_TOO_LARGE',
      'CACHE_OPTION_INVALID',
      ...Array<string>(3).fill('CACHE_VALUE_INVALID'),
    ])
  })

  it('keeps over a restart what it was asked to keep, and nothing else', async () => {
    const order = { storagePath: folder, code: '' }
    await using first = await openTestService({
      ...order,
      code: `router.get('/', () => { cache.set('kept', { a: [1] }, { persist: true }); cache.set('gone', 1); cache.set('ended', 1, { persist: true, ttl: 0.001 }); cache.set('taken back', 1, { persist: true }); cache.delete('taken back'); return 'ok' })`,
    })
    await first.get('/')
    const { projectId } = first.run.order
    await first[Symbol.asyncDispose]()
    const again = createCacheHost({
      storagePath: join(folder, projectId, 'storage'),
      clock: systemClock,
      logger: silentLogger,
    } as unknown as HostContext)
    expect(await again.bootData!()).toEqual([['kept', '{"a":[1]}', null]])
  })

  it('begins empty when its file is damaged, and keeps its bounds', async () => {
    const host = open('bounds')
    for (let i = 0; i < 100; i++)
      await host.calls['keep']!([`k${i}`, JSON.stringify('x'.repeat(100_000)), null], {} as never)
    await host[Symbol.asyncDispose]!()
    const kept = (await open('bounds').bootData!()) as unknown[]
    expect(kept.length).toBeGreaterThan(30)
    expect(kept.length).toBeLessThan(42)
    writeFileSync(join(folder, 'bounds', 'cache.json'), '[["a", 1')
    expect(await open('bounds').bootData!()).toEqual([])
    writeFileSync(join(folder, 'bounds', 'cache.json'), '[["a"], 7, ["b", "1", "x"], ["c", "1", null]]')
    expect(await open('bounds').bootData!()).toEqual([['c', '1', null]])
  })
})
