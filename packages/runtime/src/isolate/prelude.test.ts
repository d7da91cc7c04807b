import { expect, test } from 'vitest'
import { bundlePrelude } from './build-prelude.ts'
import { compilePrelude } from './compile-prelude.ts'
import { ivm } from './ivm.ts'
import { PreludeScripts } from './prelude.ts'

const scripts = new PreludeScripts(await bundlePrelude())
const { prelude } = scripts
const select = (...codes: string[]) => scripts.select(codes.map((code) => ({ code })))

test('a service gets what its files name, in whatever file and spelling, and what that needs', () => {
  const { script, named } = select('const a = $cache.get(1)', 'x = `${database.notes}`')
  expect(named.toSorted()).toEqual(['$cache', 'database'])
  for (const unit of [
    'modules/cache/cache.sandbox.ts',
    'sandbox/web/clone.ts',
    'sandbox/web/dom-exception.ts',
  ])
    expect(script.code).toContain(JSON.stringify(unit) + ':(function')
  expect(script.code).not.toContain('"modules/router/router.sandbox.ts":(function')
  expect(select('cached; my_database').named).toEqual([])
})

test('services that choose the same share one script; the one used longest ago is forgotten', () => {
  const first = select('router').script
  expect(select('$router // again').script).toBe(first)
  const others = Object.values(prelude.units).flatMap(({ globals }) => globals.slice(0, 1))
  for (const name of others) select(name)
  expect(others.length).toBeGreaterThan(20)
  expect(select('router').script).not.toBe(first)
  expect(select('router').script.code).toBe(first.code)
})

test('V8 takes the compiled form that the first isolate made', async () => {
  const { script } = select('router; database')
  const rejected: (boolean | undefined)[] = []
  for (let i = 0; i < 2; i++) {
    const isolate = new ivm.Isolate({ memoryLimit: 64 })
    const made = (await compilePrelude(isolate, script)) as { cachedDataRejected?: boolean }
    rejected.push(made.cachedDataRejected)
    isolate.dispose()
  }
  expect(rejected).toEqual([undefined, false])
})

test('no unit brings what is in the core already, or in another unit', () => {
  const seen = new Map<string, string>()
  for (const [name, { from, to }] of Object.entries(prelude.units)) {
    const text = prelude.text.slice(from, to)
    expect(text.startsWith('(function(core,need,out,intrinsics){"use strict";'), name).toBe(true)
    for (const [declared] of text.matchAll(/(?<=out\.)\w+(?==)/g)) {
      // Passed on from another unit: the same value.
      if (declared === 'room' || text.includes(`${declared}=need(`)) continue
      expect(seen.get(declared), `${declared} of ${name}`).toBeUndefined()
      seen.set(declared, name)
    }
  }
  expect(seen.get('randomBytes')).toBe('sandbox/random.ts')
})
