// `import()` in real isolates: which file is meant, once, for whom, and what is said when it cannot be had.
import { expect, test } from 'vitest'
import { openTestService, type TestServiceOptions } from '../module/testing.ts'

const files = {
  'lib/once.js': `globalThis.times = (globalThis.times ?? 0) + 1; export const mark = {}; export default 'once'`,
  'lib/near.js': `import { mark } from './once.js'; export const same = async () => (await import('./once')).mark === mark; export const next = (name) => import('./' + name)`,
  'lib/price.ts': `export const price = (n) => n * 2`,
  'lib/umd.js': `(function (g, f) { typeof exports === 'object' ? module.exports = f() : g.umd = f() })(this, () => ({ version: '1', make: () => 'made' }))`,
  'lib/classic.js': `exports.late = (name) => import('./' + name)`,
  'data.json': '{"rate": 7}',
  'lib/throws.js': `globalThis.tried = (globalThis.tried ?? 0) + 1\nexport const a = 1\nthrow new RangeError('no such rate')`,
  'lib/null.js': `throw null`,
  'lib/later.js': `await new Promise((resolve) => setTimeout(resolve, 5))\nexport const value = 'later'`,
  'lib/fails-later.js': `await new Promise((resolve) => setTimeout(resolve, 5))\nexport {}\nthrow new TypeError('broke off')`,
  'lib/asks-for-nothing.js': `import './nothing.js'; export {}`,
  'lib/asks-for-name.js': `import { other } from './once.js'; export {}`,
  'lib/loops.js': `export {}; for (;;);`,
  'lib/imports-loops.js': `import './loops.js'; export const a = 1`,
  'lib/floats.js': `void Promise.reject(new Error('left behind')); export const value = 'fine'`,
}

const open = (code: string, more: Partial<TestServiceOptions> = {}) =>
  openTestService({ code, files, ...more })

async function answers(code: string, more: Partial<TestServiceOptions> = {}): Promise<unknown> {
  await using service = await open(`router.get('/', async () => [await (async () => { ${code} })()])`, more)
  return ((await service.get('/')).json as unknown[])[0]
}

const told = (specifier: string) =>
  answers(
    `return import(${JSON.stringify(specifier)}).then(() => 'there', (e) => [e?.name, e?.code, e?.message, String(e?.stack)])`,
  )

test.for(['script', 'module'] as const)('a %s gets the exports of files of its branch', async (kind) => {
  const start = kind === 'module' ? 'export {};' : ''
  await using service = await open(
    `${start} router.get('/', async () => {
      const name = 'price'
      const [{ price }, { default: once }, { default: data }, umd] = await Promise.all([
        import(\`./lib/\${name}\`), import('/lib/once.js'), import('./data.json', { with: { type: 'json' } }), import('./lib/umd.js'),
      ])
      return [price(2), once, data.rate, umd.version, umd.default.make()]
    })`,
    { kind },
  )
  expect((await service.get('/')).json).toEqual([4, 'once', 7, '1', 'made'])
})

test('what is imported by both forms is one module, evaluated once', async () => {
  await using service = await open(
    `import { mark } from './lib/once'; router.get('/', async () => {
      const all = await Promise.all(Array.from({ length: 100 }, () => import('./lib/once.js')))
      const near = await import('./lib/near.js')
      return [all.every((each) => each === all[0] && each.mark === mark), await near.same(), times]
    })`,
    { kind: 'module' },
  )
  expect((await service.get('/')).json).toEqual([true, true, 1])
})

test('a name is relative to the file that asks: of a module, of a required file', async () => {
  expect(
    await answers(`const near = await import('./lib/near.js'); return (await near.next('price')).price(4)`),
  ).toBe(8)
  expect(await answers(`return (await require('./lib/classic').late('once.js')).default`)).toBe('once')
})

test('a file that is not there is named, with what there is instead', async () => {
  expect(await told('./lib/nothing.js')).toEqual([
    'Error',
    'SERVICE_MODULE_NOT_FOUND',
    'main.js imports "./lib/nothing.js", which is not a file of this version.',
    expect.stringContaining('main.js:1:'),
  ])
  expect(await told('../outside.js')).toContain('SERVICE_MODULE_NOT_FOUND')
  expect(await told('node:fs')).toContainEqual(expect.stringContaining('In its place there is storage.'))
  for (const own of ['m3m:imports', 'm3m:import', 'm3m:root'])
    expect(await told(own)).toContain('SERVICE_MODULE_NOT_FOUND')
})

test('what cannot be linked or compiled says where, and no code of it has run', async () => {
  const [, code, message, stack] = (await told('./lib/asks-for-nothing.js')) as string[]
  expect([code, message]).toEqual([
    'RUN_CODE_INVALID',
    'The code does not compile: lib/asks-for-nothing.js imports "./nothing.js", which is not a file of this version.',
  ])
  expect(stack).toContain('lib/asks-for-nothing.js:1:8')
  expect(await told('./lib/asks-for-name.js')).toContainEqual(
    expect.stringContaining('has no export named "other"'),
  )
  const sloppy = { 'sloppy.js': `with (Math) { max(1, 2) }` }
  const refused = await answers(`return import('./sloppy').catch((e) => [e.code, e.stack])`, {
    files: sloppy,
  })
  expect(refused).toEqual(['RUN_CODE_INVALID', expect.stringContaining('sloppy.js:1:1')])
})

test('what a file throws rejects, with its place, and stays', async () => {
  expect(
    await answers(`const all = []
      for (let i = 0; i < 3; i++) all.push(await import('./lib/throws.js').catch((e) => e))
      return [all[0] === all[2], all[0] instanceof RangeError, all[0].message, all[0].stack.includes('lib/throws.js:3:7'), tried]`),
  ).toEqual([true, true, 'no such rate', true, 1])
  expect(await answers(`return import('./lib/null.js').catch((e) => [e])`)).toEqual([null])
})

test('a file may await at its top level, and fail after that', async () => {
  await using service = await open(
    `router.get('/', async () => [(await import('./lib/later.js')).value])
     router.get('/fails', () => import('./lib/fails-later.js').catch((e) => [e instanceof TypeError, e.message]))
     router.get('/floats', async () => [(await import('./lib/floats.js')).value])`,
  )
  const both = [service.get('/'), service.get('/fails')] as const
  expect((await both[0]).json).toEqual(['later'])
  expect((await both[1]).json).toEqual([true, 'broke off'])
  expect(service.logs).toEqual([])
  expect((await service.get('/floats')).json).toEqual(['fine'])
  await service.logged(/Unhandled rejection: Error: left behind/)
})

test('the main file awaits it, and says what is wrong', async () => {
  await using service = await open(
    `const { value } = await import('./lib/later.js'); const no = await import('./lib/throws.js').catch((e) => e.message); router.get('/', () => [value, no])`,
    { kind: 'module' },
  )
  expect((await service.get('/')).json).toEqual(['later', 'no such rate'])
  const failing = (path: string) => open(`export {}; await import('${path}')`, { kind: 'module' })
  await expect(failing('./lib/throws.js')).rejects.toMatchObject({
    code: 'RUN_BOOT_FAILED',
    position: { file: 'lib/throws.js', line: 3 },
  })
  await expect(failing('./lib/fails-later.js')).rejects.toMatchObject({ code: 'RUN_BOOT_FAILED' })
})

test('files that await each other are told by the limit of the start', async () => {
  await expect(
    openTestService({
      code: `import './lib/a.js'; export const main = 1; await import('./lib/b.js')`,
      files: { 'lib/a.js': `export {}`, 'lib/b.js': `import { main } from '../main.js'; export { main }` },
      kind: 'module',
      limits: { bootMs: 300 },
    }),
  ).rejects.toMatchObject({ code: 'RUN_BOOT_TIMEOUT' })
})

test('a file that computes without end is cut off, and its service lives on', async () => {
  await using service = await open(
    `router.get('/', () => Promise.allSettled([import('./lib/loops.js'), import('./lib/imports-loops.js'), import('./lib/once.js')]).then((all) => all.map((each) => each.reason?.code ?? each.value.default)))
     router.get('/again', () => import('./lib/loops.js').catch((e) => [e.code]))`,
    { limits: { cpuStretchMs: 200 } },
  )
  const timeout = 'SERVICE_IMPORT_TIMEOUT'
  expect((await service.get('/')).json).toEqual([timeout, timeout, 'once'])
  expect((await service.get('/again')).json).toEqual([timeout])
  await service.logged(/Limit cpuStretchMs: A file that was imported/)
})

test('what goes on after it is cut off in the name of its request', async () => {
  await using service = await open(
    `router.get('/', async () => { await import('./lib/price'); for (;;); }); router.get('/other', () => 'fine')`,
    { limits: { cpuStretchMs: 200 } },
  )
  const looped = service.get('/')
  const other = service.get('/other')
  expect((await looped).status).toBe(504)
  expect((await other).status).toBe(200)
  expect(service.logs.some(({ text }) => text.startsWith('GET / failed: it computed'))).toBe(true)
})

test('floods: one file 100,000 times, as many that are not there', async () => {
  await using service = await open(
    `router.get('/same', async () => new Set(await Promise.all(Array.from({ length: 1e5 }, () => import('./lib/once.js')))).size)
     router.get('/missing', async () => { let n = 0; for (let i = 0; i < 1e5; i++) await import('./no/' + i).catch(() => n++); return [n] })`,
    { limits: { cpuStretchMs: 20_000 } },
  )
  expect((await service.get('/same')).json).toBe(1)
  expect((await service.get('/missing')).json).toEqual([1e5])
})

test('a specifier becomes a text once, and what that throws rejects', async () => {
  expect(
    await answers(`let asked = 0
      const odd = new Proxy({ toString() { asked++; return './lib/once.js' } }, {})
      const { default: once } = await import(odd)
      const mine = new Error('mine')
      const thrown = await import({ toString() { throw mine } }).catch((e) => e === mine)
      const symbol = await import(Symbol('x')).catch((e) => e instanceof TypeError)
      return [once, asked, thrown, symbol]`),
  ).toEqual(['once', 1, true, true])
})

test('only calls are rewritten, and nothing of it is seen', async () => {
  expect(
    await answers(`const texts = ['import(1)', \`import(\${'2'})\`, /import(3)/.source] // import(4)
      const it = { import(x) { return x } }
      return [texts, it.import(5), Object.getOwnPropertyNames(globalThis).filter((name) => /m3m|imp0rt/.test(name)), typeof import('./lib/once.js').then]`),
  ).toEqual([['import(1)', 'import(2)', 'import(3)'], 5, [], 'function'])
  // The name that stands for the word is one that no file uses.
  expect(
    await answers(`const imp0rt = 'mine'; return [imp0rt, (await import('./lib/once.js')).default]`),
  ).toEqual(['mine', 'once'])
})

test('positions stay the author’s', async () => {
  const code = `router.get('/', async () => { const { price } = await import('./lib/price'); throw new Error(price(1)) })`
  await using service = await open(code)
  await service.get('/')
  expect(await service.logged(/Error: 2/)).toContain(`main.js:1:${code.indexOf('new Error') + 1}`)
})

test('the run is over: nobody waits, nothing fails', async () => {
  const service = await open(
    `service.shutdown(() => { for (const name of ['later', 'throws', 'once']) void import('./lib/' + name) })`,
  )
  await service.run.shutdown()
  await service[Symbol.asyncDispose]()
  expect(service.logs.filter(({ text }) => !text.includes('no such rate'))).toEqual([])
})
