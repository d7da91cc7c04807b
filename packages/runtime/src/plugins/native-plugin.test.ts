// Shared objects: built here from C, loaded by a real runner.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTestAgent } from '../testing/open-agent.ts'
import { openTestPlugins, type TestPlugins } from './testing.ts'

const example = resolve(import.meta.dirname, '../../../../plugins/native-hash')
const headers = join(
  dirname(createRequire(join(example, 'package.json')).resolve('node-api-headers/package.json')),
  'include',
)
const hasCompiler = spawnSync('cc', ['--version']).status === 0
if (!hasCompiler) console.warn('native-plugin.test.ts is skipped: there is no C compiler named cc')

function compile(source: string, target: string): void {
  const flags = ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-I', headers, '-o', target]
  const { status, stderr } = spawnSync('cc', [...flags, source], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** A plugin of one member whose body is given. */
function addNative(plugins: TestPlugins, name: string, body: string, init = ''): void {
  const folder = join(plugins.folder, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'x.c'),
    `#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>
static napi_value act(napi_env env, napi_callback_info info) { (void)info; ${body}; return NULL; }
NAPI_MODULE_INIT() {
  napi_value member;
  ${init};
  napi_create_function(env, "act", NAPI_AUTO_LENGTH, act, NULL, &member);
  napi_set_named_property(env, exports, "act", member);
  return exports;
}
`,
  )
  compile(join(folder, 'x.c'), join(folder, 'x.so'))
  plugins.add(name, {}, { main: undefined, native: 'x.so' })
}

const problemOf = async (plugins: TestPlugins, name: string) =>
  (await plugins.catalogue.list()).find((plugin) => plugin.name === name)!.problem

describe.skipIf(!hasCompiler)('a plugin that is a shared object', () => {
  it('hashes texts and bytes in both spellings, and refuses the rest with its own code', async () => {
    using plugins = openTestPlugins()
    cpSync(example, join(plugins.folder, 'native-hash'), { recursive: true })
    compile(join(example, 'src/native-hash.c'), join(plugins.folder, 'native-hash/native-hash.so'))
    expect(await plugins.catalogue.needOwnProcess(['native-hash'])).toBe(true)
    expect(await plugins.catalogue.list()).toMatchObject([
      { name: 'native-hash', problem: null, members: ['crc32', 'fnv1a'] },
    ])
    await using agent = await openTestAgent({ plugins: plugins.catalogue })
    await agent.run(
      'shop',
      `router.get('/', async () => [
         await nativeHash.crc32('The quick brown fox jumps over the lazy dog'), $nativeHash.fnv1a('hello'),
         await nativeHash.crc32(new Uint8Array([1, 2, 3])), $nativeHash.crc32('привет'), await nativeHash.crc32(''),
         await nativeHash.crc32(5).catch((error) => error.code + ' ' + error.message),
       ])`,
      { plugins: ['native-hash'], nativePlugins: true },
    )
    expect(await (await fetch(`${agent.base('shop')}/`)).json()).toEqual([
      ...['414fa339', '4f9f2cab', '55bc801d', '2e763e4e', '00000000'],
      'NATIVE_HASH_ARGUMENT nativeHash expects a text or a Uint8Array.',
    ])
  })

  it('and is not built yet says what to do', async () => {
    using plugins = openTestPlugins()
    plugins.add('unbuilt', {}, { main: undefined, native: 'unbuilt.so' })
    expect((await problemOf(plugins, 'unbuilt'))?.message).toMatch(
      /is not built: unbuilt\.so is not there.*how to build it/,
    )
  })

  it('and crashes while it is loaded is refused, and the agent lives', async () => {
    using plugins = openTestPlugins()
    addNative(plugins, 'bad', '(void)env', 'abort()')
    expect((await problemOf(plugins, 'bad'))?.message).toMatch(/its process ended \(signal SIGABRT\)/)
  })

  it('and crashes in a call ends its own service alone, and is named', async () => {
    using plugins = openTestPlugins()
    addNative(plugins, 'bad', '(void)env; *(volatile int *)0 = 1')
    await using agent = await openTestAgent({ plugins: plugins.catalogue })
    const guilty = await agent.run('shop', `router.get('/', () => bad.act())`, {
      plugins: ['bad'],
      nativePlugins: true,
      isolation: 'shared',
    })
    await agent.run('cafe', `router.get('/', () => 'open')`, { isolation: 'shared' })
    await fetch(`${agent.base('shop')}/`).catch(() => {})
    expect(await guilty.ended).toMatchObject({ kind: 'crashed', error: { code: 'RUN_RUNNER_DIED' } })
    expect(await (await fetch(`${agent.base('cafe')}/`)).text()).toBe('open')
    const [plugin] = await plugins.catalogue.list()
    expect(plugin!.failures).toMatchObject([{ runId: guilty.runId, reason: expect.stringMatching(/\S/) }])
  })
})
