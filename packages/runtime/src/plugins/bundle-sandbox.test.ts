import { join } from 'node:path'
import { runInThisContext } from 'node:vm'
import { expect, it } from 'vitest'
import { bundleSandbox } from './bundle-sandbox.ts'
import { openTestPlugins } from './testing.ts'

async function bundle(code: string) {
  using plugins = openTestPlugins()
  plugins.add('bot', { 'b.ts': code })
  return await bundleSandbox('bot', join(plugins.folder, 'bot'), 'b.ts')
}

it('a sandbox half becomes an expression whose value is the room', async () => {
  const { code, members } = await bundle(`import type { SandboxRoom } from '@m3m/runtime/plugin'
    const twice = (n: number): number => n * 2
    export const room: SandboxRoom = (lane) => ({ twice, ask: () => lane.call('bot.ask', []) })`)
  expect(members).toEqual(['twice', 'ask'])
  const room = runInThisContext(code) as (lane: object) => { twice(n: number): number }
  expect(room({}).twice(4)).toBe(8)
})

it('its top level may name what an isolate has', async () => {
  const { members } = await bundle(
    `const home = new URL('https://a.example/'); export const room = () => ({ home: () => home.href })`,
  )
  expect(members).toEqual(['home'])
})

it('members that cannot be known before a run are none of its faults', async () => {
  const { members } = await bundle(`export const room = (_, kernel) => kernel.bootData('bot').members`)
  expect(members).toBeNull()
})

it.each([
  ['throws', 'throw new Error("not here")', /b\.ts: not here/],
  ['loops', 'for (;;);', /b\.ts: Script execution timed out/],
  ['asks for Node', 'import "node:fs"; export const room = () => ({})', /does not exist inside of a service/],
  ['asks for Node by its old name', 'import "fs"; export const room = () => ({})', /resolve "fs"/],
  ['takes values of the SDK', 'export { definePlugin as room } from "@m3m/runtime/plugin"', /types may be/],
  ['leaves its folder', 'import "../../../etc/hostname"; export const room = () => ({})', /b\.ts: /],
  ['has no room', 'export const rooms = 1', /does not export a function named room/],
  ['is too long', `export const room = () => ({ text: "${'x'.repeat(600_000)}" })`, /longer than 524288/],
])('a sandbox half that %s is refused', async (_what, code, problem) => {
  await expect(bundle(code)).rejects.toThrow(problem)
})
