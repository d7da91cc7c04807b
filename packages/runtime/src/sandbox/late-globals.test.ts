// Globals that no file of the service names are made at their first touch: nobody may see a difference, and what the
// author did to the realm before that must not reach what is compiled then.
import { expect, test } from 'vitest'
import { bundlePrelude } from '../isolate/build-prelude.ts'
import { openTestService } from '../module/testing.ts'
import { rooms } from '../modules/rooms.ts'
import { webGlobals } from './web/globals.ts'

const NAMES = [
  ...Object.values(webGlobals).flat(),
  ...rooms.flatMap(({ name, aliases = [], twin = true, globals = [] }) => [
    ...[name, ...aliases].flatMap((each) => (twin ? [each, `$${each}`] : [each])),
    ...globals,
  ]),
]

/** Made with a library in them: that one takes the realm as it finds it. */
const LIBRARIES = await (async () => {
  const { units } = await bundlePrelude()
  const libraries = ['sandbox/web/streams.ts', 'sandbox/web/url-pattern.ts', 'sandbox/web/compression.ts']
  const needs = (unit: string): boolean => libraries.includes(unit) || units[unit]!.needs.some(needs)
  const names = Object.keys(units)
    .filter(needs)
    .flatMap((unit) => units[unit]!.globals)
  return names.map((name) => [...name].join('·'))
})()

/** The names as nobody finds them in a file. */
const HIDDEN = JSON.stringify(NAMES.map((name) => [...name].join('·')))
const hiddenNames = `const names = ${HIDDEN}.map((name) => name.replaceAll('·', ''))`

const LOOK = `
  const before = { keys: Object.keys(globalThis), own: Object.getOwnPropertyNames(globalThis) }
  const seen = names.map((name) => {
    const value = globalThis[name]
    const after = Object.getOwnPropertyDescriptor(globalThis, name)
    return [name, typeof value, value === globalThis[name], Object.keys(value).join(), String(value.prototype && Object.getOwnPropertyNames(value.prototype)),
      'value' in after, after.writable, after.enumerable, after.configurable, Object.hasOwn(globalThis, name), name in globalThis]
  })
  // A line of the log has a bound.
  for (const one of [before, ...seen]) globalThis['logger'.repeat(1)].info(JSON.stringify({ one }))`

test('a global made late is the one that is made early', async () => {
  await using late = await openTestService({
    code: `{ ${hiddenNames}; ${LOOK.replaceAll("'logger'", "'log' + 'ger'")} }`,
  })
  await using early = await openTestService({ code: `{ const names = ${JSON.stringify(NAMES)}; ${LOOK} }` })
  const seen = async (service: typeof late) => {
    await service.until(() => service.logs.length > NAMES.length)
    return service.logs.map(({ text }) => (JSON.parse(text) as { one: unknown }).one)
  }
  const [a, b] = [await seen(late), await seen(early)]
  expect(a).toEqual(b)
  expect((a[0] as { keys: string[] }).keys).toEqual([])
})

test('aliases and further globals lead to one room, whichever is touched first', async () => {
  await using service = await openTestService({
    code: `{
      const get = (...parts) => globalThis[parts.join('')]
      const same = [get('ma', 'il') === get('smt', 'p'), new (get('Hea', 'ders'))() instanceof get('Hea', 'ders'), get('$cac', 'he') !== get('cac', 'he')]
      get('cac', 'he').set('a', 1)
      same.push(get('$cac', 'he').get('a') === 1)
      get('log', 'ger').info(same.join())
    }`,
  })
  await service.logged(/^true,true,true,true$/)
})

test('a global that was never touched may be replaced, declared, inherited and deleted', async () => {
  await using service = await openTestService({
    code: `
      globalThis['cac' + 'he'] = 5
      var draw_ = globalThis['dr' + 'aw']
      const heir = Object.create(globalThis)
      heir['ima' + 'ge'] = 7
      const results = [
        globalThis['cac' + 'he'], typeof draw_, heir['ima' + 'ge'], typeof globalThis['ima' + 'ge'],
        Object.keys(heir).join(), delete globalThis['goa' + 'ls'], typeof globalThis['goa' + 'ls'], Object.keys(globalThis).join(),
      ]
      globalThis['log' + 'ger'].info(JSON.stringify(results))`,
  })
  const line = await service.logged(/^\[/)
  // A \`var\` at the top of a script is a listed global, as in any script.
  expect(JSON.parse(line)).toEqual([5, 'object', 7, 'object', 'image', true, 'undefined', 'draw_'])
})

test('a declaration of the same name wins, as it always did', async () => {
  await using service = await openTestService({
    code: `
      var cache = 1
      function storage() { return 2 }
      let encoding = 3
      logger.info([cache, storage(), encoding, typeof validator].join())`,
  })
  await service.logged(/^1,2,3,object$/)
})

test('what the author put in the place of intrinsics does not reach what is compiled later', async () => {
  await using service = await openTestService({
    code: `
      const Map = 1, Set = 2, Promise = 3, Uint8Array = 4, TypeError = 5, Symbol = 6
      {
        ${hiddenNames}
        const libraries = ${JSON.stringify(LIBRARIES)}.map((name) => name.replaceAll('·', ''))
        const report = globalThis['log' + 'ger']
        const text = String.prototype
        const { slice } = text
        let stolen = 0
        const Failure = Error
        const thief = () => { stolen++; throw new Failure('thief') }
        JSON.parse = JSON.stringify = Reflect.apply = thief
        Object.create = Object.defineProperty = Object.freeze = thief
        String.prototype.slice = String.prototype.indexOf = String.fromCharCode = thief
        Function.prototype.call = Function.prototype.apply = Function.prototype.bind = thief
        Object.prototype.get = Object.prototype.value = thief
        for (const name of ['eval', 'Object', 'Array', 'String', 'JSON', 'Reflect', 'Proxy', 'Error', 'RegExp', 'Date', 'Math', 'Number', 'WeakSet', 'DataView', 'ArrayBuffer', 'Int32Array'])
          globalThis[name] = thief
        const made = []
        for (const name of names.filter((each) => !libraries.includes(each))) made.push(typeof globalThis[name])
        report.info('made ' + made.length + ' ' + stolen)
        text.slice = slice
        report.info('use ' + globalThis['uti' + 'ls'].uuid().length)
      }`,
  })
  expect(await service.logged(/^made/)).toBe(`made ${NAMES.length - LIBRARIES.length} 0`)
  expect(await service.logged(/^use/)).toBe('use 36')
})

test('an entry of the host makes a room that no file names', async () => {
  await using service = await openTestService({
    code: `globalThis['serv' + 'ice'].boot(() => globalThis['rou' + 'ter'].get('/', () => 'here'))`,
  })
  expect((await service.get('/')).body).toBe('here')
  // Nothing at all is named: the phases of `service` are entered all the same.
  await using silent = await openTestService({ code: `1` })
  expect((await silent.get('/')).status).toBe(404)
})

test("a first touch that fails is the author's error, and the next one is made anew", async () => {
  await using service = await openTestService({
    code: `{
      const { push } = Array.prototype
      const from = Object.fromEntries
      Object.fromEntries = () => { throw new Error('mine') }
      let message
      try { globalThis['stor' + 'age'] } catch (error) { message = error.message }
      Object.fromEntries = from
      globalThis['log' + 'ger'].info(message + ' ' + typeof globalThis['stor' + 'age'].read)
    }`,
  })
  await service.logged(/^mine function$/)
})
