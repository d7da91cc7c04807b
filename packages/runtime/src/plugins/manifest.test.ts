import { describe, expect, it } from 'vitest'
import { rooms } from '../modules/rooms.ts'
import { parseManifest, settingsOf } from './manifest.ts'
import { ownerOf } from './reserved-names.ts'

const whole = { name: 'bot', version: '1.2.3', api: '^1.0.0', main: 'src/index.ts' }
const parse = (value: object) => parseManifest(JSON.stringify({ ...whole, ...value }), 'bot')

describe('plugin.json', () => {
  it('needs little, and the rest has defaults', () => {
    expect(parse({})).toEqual({
      ...{
        name: 'bot',
        global: 'bot',
        version: '1.2.3',
        api: '^1.0.0',
        author: '',
        url: '',
        description: '',
      },
      ...{ kind: 'js', entry: 'src/index.ts', sandbox: null, types: null, docs: null },
      ...{ permissions: [], config: {} },
    })
    const native = { name: 'native-hash', main: undefined, native: 'native-hash.so' }
    expect(parseManifest(JSON.stringify({ ...whole, ...native }), 'native-hash')).toMatchObject({
      global: 'nativeHash',
      kind: 'native',
    })
  })

  it.each([
    ['no JSON', '{', 'it is no JSON'],
    ['a list', '[]', 'it must be an object'],
    ['nothing', 'null', 'it must be an object'],
  ])('that is %s is refused', (_what, text, problem) => {
    expect(() => parseManifest(text, 'bot')).toThrow(problem)
  })

  it.each([
    ['an unknown key', { permission: ['network'] }, 'unknown key "permission"'],
    ['no name', { name: '' }, '"name" is missing'],
    ['a name that is another folder', { name: 'other' }, '"name" is "other" but its folder is "bot"'],
    ['a name that is a path', { name: '../bot' }, 'lower-case letters, digits and single dashes'],
    ['a name of letters elsewhere', { name: 'bоt' }, 'lower-case letters'],
    ['no version', { version: 'latest' }, '"version" must be a version'],
    ['no range', { api: 'newest' }, '"api" must be a range'],
    ['neither main nor native', { main: undefined }, 'either "main"'],
    ['both main and native', { native: 'bot.so' }, 'either "main"'],
    ['an entry above its folder', { main: '../../core/index.ts' }, '"main" must be the path'],
    ['an absolute entry', { main: '/etc/passwd.js' }, '"main" must be the path'],
    ['an entry with a backslash', { main: 'src\\index.ts' }, '"main" must be the path'],
    ['types that are no declarations', { types: 'src/bot.ts' }, 'a .d.ts file'],
    ['an unknown permission', { permissions: ['root'] }, 'a list of network, storage, node'],
    ['permissions that are a text', { permissions: 'network' }, 'a list of network, storage, node'],
    ['an address that runs', { url: 'javascript:alert(1)' }, '"url" must begin with https://'],
    ['a global with a dollar', { global: '$bot' }, '"global" must be letters and digits'],
    ['config that is a list', { config: [] }, '"config" must be an object'],
    ['a setting of an unknown type', { config: { a: { type: 'date' } } }, '"config.a.type" must be one of'],
    ['a default of another type', { config: { a: { type: 'integer', default: 1.5 } } }, '"config.a.default"'],
    ['a setting with an unknown key', { config: { a: { type: 'string', min: 1 } } }, 'unknown key "min"'],
    ['a description beyond all bounds', { description: 'x'.repeat(1001) }, 'at most 1000 characters'],
  ])('with %s is refused', (_what, value, problem) => {
    expect(() => parse(value)).toThrow(problem)
  })

  it('pollutes no prototype', () => {
    const text = `{"name":"bot","version":"1.0.0","api":"*","main":"a.js","config":{"__proto__":{"type":"string"}}}`
    expect(() => parseManifest(text, 'bot')).toThrow('config.__proto__')
    expect(() => parseManifest(`{"__proto__": {"name": "bot"}}`, 'bot')).toThrow('unknown key "__proto__"')
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false)
  })
})

describe('the range of the plugin API', () => {
  it.each(['^1.0.0', '1.x', '>=1 <2', '~1.0', '*', '1.0.0', '0.9 || ^1'])('%s fits', (api) => {
    expect(parse({ api }).api).toBe(api)
  })

  it.each(['^2.0.0', '0.x', '>1.0.0', '^1.1.0', '1.0.0-beta'])('%s does not', (api) => {
    expect(() => parse({ api })).toThrow(`is made for version ${api} of the plugin API, this agent has 1.0.0`)
  })
})

describe('the name of a global', () => {
  it.each(['router', 'mail', 'Object', 'globalThis', 'fetch', 'await', 'constructor', 'process', 'eval'])(
    '%s is taken',
    (global) => {
      expect(() => parse({ global })).toThrow(expect.objectContaining({ code: 'PLUGIN_NAME_TAKEN' }))
    },
  )

  it('of every room and each of its aliases is taken', () => {
    const names = rooms.flatMap(({ name, aliases = [] }) => [name, ...aliases])
    expect(names.filter((name) => ownerOf(name.replace('$', '')) === null)).toEqual([])
    expect(ownerOf('telegram')).toBeNull()
  })
})

describe('settings of a plugin', () => {
  const manifest = parse({
    config: {
      token: { type: 'string', secret: true, required: true },
      retries: { type: 'integer', default: 3 },
      hosts: { type: 'strings' },
    },
  })

  it('are those of config.yaml, and defaults where it says nothing', () => {
    expect(settingsOf(manifest, { token: 'x' })).toEqual({ token: 'x', retries: 3 })
    expect(settingsOf(manifest, { token: 'x', retries: 0, hosts: ['a'] })).toEqual({
      ...{ token: 'x', retries: 0, hosts: ['a'] },
    })
  })

  it.each([
    ['a missing one', {}, '"token" of the plugin "bot" is missing'],
    ['an unknown one', { token: 'x', tokne: 'y' }, '"tokne" of the plugin "bot" is not one'],
    [
      'one of another type',
      { token: 5 },
      'must be of type string; mend it on the page Plugins, or in config.yaml (plugins.config.bot.token)',
    ],
    ['a list of more than texts', { token: 'x', hosts: [1] }, 'must be a list of texts'],
  ])('%s is named with its place', (_what, given, problem) => {
    expect(() => settingsOf(manifest, given)).toThrow(problem)
  })

  it('say nothing of a secret in an error', () => {
    expect(() => settingsOf(manifest, { token: ['hunter2'] })).not.toThrow('hunter2')
  })
})
