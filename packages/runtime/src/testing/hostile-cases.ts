// What services do to themselves and to the machine (architecture.md, V8 list). One table; each case runs in a runner of its
// own and beside a neighbour in a shared one.

/** A handler's body, and with which status its request is answered. The service answers others afterwards. */
export type LimitedCase = [name: string, body: string, status: number | readonly number[]]

/** Instead of a status: the answer began well and was broken off. */
export const BROKEN_OFF = 0

const LOOPING_STACK = `const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } });`

/** What costs one request its answer and nobody anything else. */
export const limitedCases: readonly LimitedCase[] = [
  ['a loop', `for (;;);`, 504],
  ['a loop after an await', `return (async () => { await null; for (;;); })()`, 504],
  [
    'a loop after an awaited host call',
    `return crypto.hashPassword('x').then(() => { for (;;); })`,
    [500, 504],
  ],
  ['an endless chain of promises', `return (async () => { for (;;) await null })()`, 504],
  ['a promise that never settles', `return new Promise(() => {})`, 504],
  ['endless microtasks', `const again = () => Promise.resolve().then(again); return again()`, 504],
  ['a thenable that loops', `return { then() { for (;;); } }`, [200, 504]],
  ['a regular expression that explodes', `return /^(a+)+$/.test('a'.repeat(40) + 'b')`, 504],
  ['a stack getter that loops', `${LOOPING_STACK} throw e`, [500, 504]],
  ['a prepareStackTrace that loops', `Error.prepareStackTrace = () => { for (;;); }; null.x`, [500, 504]],
  ['a prepareStackTrace that throws', `Error.prepareStackTrace = () => { throw null }; null.x`, 500],
  ['an answer that throws', `return { toJSON() { throw null } }`, 500],
  ['an answer whose getter loops', `return { get a() { for (;;); } }`, 504],
  ['endless recursion', `const down = () => down() + 1; return down()`, 500],
  ['a thrown null', `throw null`, 500],
  ['a thrown undefined', `throw undefined`, 500],
  ['a thrown function', `throw () => {}`, 500],
  ['a thrown proxy', `throw new Proxy({}, { get() { throw null } })`, 500],
  ['an answer too large', `return 'x'.repeat(12 * 1024 * 1024)`, 500],
  ['a deep answer', `let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return v`, [200, 500, 504]],
  [
    'a deep argument',
    `let v = []; for (let i = 0; i < 1e5; i++) v = [v]; return cache.set('k', v)`,
    [200, 500, 504],
  ],
  ['a proxy as argument', `return crypto.sha256(new Proxy({}, { get() { throw null } }))`, 500],
  ['a getter as argument', `return crypto.sign({ get key() { throw new Error('mine') } })`, 500],
  ['a resizable buffer', `return new ArrayBuffer(8, { maxByteLength: 2 ** 31 }).maxByteLength ?? 0`, 200],
  ['a header that splits', `return router.response(200, '', { 'x-a': 'b\\r\\nc: d' })`, 500],
  ['a status that is none', `const it = router.response(200, ''); it.status = 7; return it`, 500],
  ['a flood of timers', `for (let i = 0; i < 20000; i++) setTimeout(() => {}, 1e6)`, 500],
  [
    'a flood of rejections',
    `for (let i = 0; i < 2000; i++) Promise.reject(new Error('r' + i)); return 'ok'`,
    200,
  ],
  ['a flood of log lines', `for (let i = 0; i < 1e5; i++) logger.info('line', i); return 'ok'`, [200, 504]],
  [
    'a flood of microtasks',
    `for (let i = 0; i < 1e5; i++) queueMicrotask(() => {}); return 'ok'`,
    [200, 504],
  ],
  [
    'a flood of host calls',
    `return Promise.all(Array.from({ length: 5000 }, () => storage.exists('a'))).then((all) => all.length)`,
    [200, 500, 504],
  ],
  ['a text that doubles', `let s = 'x'; for (;;) s += s`, 500],
  ['a buffer of a terabyte', `return new ArrayBuffer(2 ** 40).byteLength`, [500, 504]],
  ['waiting for another thread', `return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`, 500],
  [
    'proxies without end as argument',
    `const deep = () => new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: (_, key) => (key === 'a' ? deep() : undefined) })
    return cache.set('k', deep())`,
    [500, 504],
  ],
  [
    'a getter that loops as argument',
    `return cache.set('k', { get a() { return { get b() { for (;;); } } } })`,
    504,
  ],
  ['a thrown value that has no text', `throw { toString() { throw new Error('again') } }`, 500],
  ['a thrown value that loops as text', `throw { [Symbol.toPrimitive]() { for (;;); } }`, [500, 504]],
  [
    'an error of throwing getters',
    `const e = new Error('x')
    for (const key of ['message', 'name', 'stack', 'code', 'cause', 'status', 'expose', 'fields'])
      Object.defineProperty(e, key, { get() { throw null } })
    throw e`,
    500,
  ],
  ['an error that is its own cause', `const e = new Error('x'); e.cause = e; throw e`, 500],
  [
    'an error with 100,000 causes',
    `let e = new Error('0'); for (let i = 0; i < 1e5; i++) e = new Error('n', { cause: e }); throw e`,
    [500, 504],
  ],
  ['an error of 50 MB', `throw new Error('x'.repeat(5e7))`, [500, 504]],
  [
    'a thenable that answers twice and throws',
    `return { then(ok) { ok('one'); ok('two'); throw null } }`,
    200,
  ],
  ['a promise of a thenable that never answers', `return (async () => ({ then() {} }))()`, 504],
  ['an answer that is a proxy', `return new Proxy(router.response(200, 'x'), { get() { throw null } })`, 500],
  ['a circle as answer', `const a = {}; a.a = a; return a`, 500],
  ['a header of a megabyte', `return router.response(200, '', { 'x-a': 'a'.repeat(1e6) })`, 500],
  [
    '100,000 headers',
    `return router.response(200, '', Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['x-' + i, '1'])))`,
    [500, 504],
  ],
  [
    'a header that has no text',
    `return router.response(200, '', { 'x-a': { toString() { throw null } } })`,
    500,
  ],
  ['a comparison that loops', `return [3, 1, 2].sort(() => { for (;;); })`, 504],
  ['a function made of text', `return new Function('for (;;);')()`, 504],
  [
    'a deep value to clone',
    `let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return structuredClone(o)`,
    [500, 504],
  ],
  [
    'values without end in the log',
    `logger.info(new Proxy({}, { ownKeys() { throw null } }), { toJSON() { for (;;); } }); return 'ok'`,
    [200, 504],
  ],
  ['a million timers', `for (let i = 0; i < 1e6; i++) setTimeout(() => {}, 0)`, 500],
  [
    'a million promises',
    `for (let i = 0; i < 1e6; i++) Promise.resolve(i).then(() => i); return 'ok'`,
    [200, 504],
  ],
  ['a million log lines', `for (let i = 0; i < 1e6; i++) logger.info('line', i); return 'ok'`, [200, 504]],
  ['a log line of 20 MB', `logger.info('x'.repeat(2e7)); return 'ok'`, [200, 504]],
  ['a flood of routes', `for (let i = 0; i < 1e5; i++) router.get('/r' + i, () => 1)`, 500],
  [
    'bytes that are detached before they leave',
    `const bytes = new Uint8Array(1000); const sealed = crypto.encrypt(bytes, 'a passphrase'); bytes.buffer.transfer(); return sealed.then(() => 'ok')`,
    200,
  ],
  [
    'a stream whose bytes are detached',
    `return router.stream((function* () { const bytes = new Uint8Array(100); bytes.buffer.transfer(); yield bytes })())`,
    [BROKEN_OFF, 200],
  ],
  [
    'a stream of nothing without end',
    `return router.stream((function* () { for (;;) yield '' })())`,
    BROKEN_OFF,
  ],
  [
    'a stream without end',
    `return router.stream((function* () { for (;;) yield 'x'.repeat(10000) })())`,
    BROKEN_OFF,
  ],
  [
    'an async generator without end, gathered',
    `return Array.fromAsync({ async *[Symbol.asyncIterator]() { for (;;) yield 1 } })`,
    504,
  ],
  ['a list of a billion promises', `return Array.fromAsync({ length: 1e9 })`, [500, 504]],
  [
    'an iterator without end that calls nothing of JavaScript',
    `return Iterator.from({ next: Object, [Symbol.iterator]() { return this } }).drop(1e15).next().value`,
    504,
  ],
  [
    'a species that loops',
    `class A extends Array { static get [Symbol.species]() { return function () { for (;;); } } } return new A(3).map((x) => x)`,
    504,
  ],
  [
    'a pattern of sets that explodes',
    `return /^([\\p{L}--[a-z]]+|\\p{L}+)+$/v.test('\\u0416'.repeat(40) + '1')`,
    504,
  ],
  [
    'a pattern of addresses that explodes',
    `return new URLPattern({ pathname: '/((?:a+)+)$' }).test('https://x.y/' + 'a'.repeat(40) + '!')`,
    504,
  ],
  ['a pattern of 100,000 groups', `return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('a')`, 500],
  ['a flood of labels', `return new Function('a:'.repeat(1e5) + ';')()`, 500],
  ['a flood of brackets', `return new Function('return ' + '('.repeat(1e6))()`, 500],
  ['a number of 250,000 digits', `return String(7n ** 300000n).length`, [200, 500, 504]],
  [
    'a time zone of megabytes',
    `return new Intl.DateTimeFormat('en', { timeZone: 'x'.repeat(4e6) }).format()`,
    [500, 504],
  ],
  [
    'letters that are hard to compare',
    `const a = '\\u0e01'.repeat(2e6); return String(new Intl.Collator('th').compare(a + 'a', a + 'b'))`,
    [200, 504],
  ],
  [
    'times at their ends',
    `for (const of of [() => Temporal.PlainDate.from('2020-01-01').until('+275760-09-13', { largestUnit: 'months' }), () => new Temporal.ZonedDateTime(8640000000000000000000n, 'Europe/Berlin').add({ hours: 1 }), () => Temporal.Duration.from({ years: 4294967295 }).round({ smallestUnit: 'days', relativeTo: '2020-01-01[Europe/Berlin]' }), () => Temporal.PlainDate.from({ year: 2147483647, month: 1, day: 1, calendar: 'islamic-umalqura' })]) try { of() } catch {} return 'ok'`,
    [200, 504],
  ],
  [
    'an import of something that loops as text',
    `return import({ toString() { for (;;); } }).then(() => 'there', () => 'refused')`,
    [200, 504],
  ],
  [
    'raw JSON',
    `cache.set('raw', { a: JSON.rawJSON('1e999') }); return { a: JSON.rawJSON('"x"'), b: cache.get('raw') }`,
    200,
  ],
  [
    'a header called __proto__',
    `return router.response(200, 'x', JSON.parse('{"__proto__":{"a":"b"},"constructor":"x"}'))`,
    [200, 500],
  ],
  [
    'an event that emits itself',
    `events.on('again', () => events.emit('again')); events.emit('again'); return 'ok'`,
    [200, 500, 504],
  ],
  [
    'a table of a million rows',
    `console.table(Array.from({ length: 3e5 }, () => 1)); return 'ok'`,
    [200, 504],
  ],
  [
    'blobs that double',
    `let blob = new Blob(['x'.repeat(1e6)]); for (;;) blob = new Blob([blob, blob])`,
    [500, 504],
  ],
  [
    'a form of a million fields',
    `const form = new FormData(); for (let i = 0; i < 1e6; i++) form.append('a', 'b'); return 'ok'`,
    [200, 504],
  ],
  [
    'a key that takes an hour to make',
    `return crypto.subtle.generateKey({ name: 'RSA-PSS', modulusLength: 16384, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign'])`,
    500,
  ],
  [
    'a flood of password hashes',
    `return Promise.all(Array.from({ length: 50 }, () => crypto.hashPassword('x')))`,
    [500, 504],
  ],
]

/** Handlers' bodies that answer what they got hold of: nothing. */
export const escapes: readonly [name: string, body: string][] = [
  ['constructor.constructor', `return [].constructor.constructor('return typeof process')()`],
  ['the global', `return typeof globalThis.process`],
  ['require of Node', `try { return typeof require('node:fs') } catch { return 'undefined' }`],
  [
    'an error of the host',
    `return storage.read('nothing').catch((e) => e.constructor.constructor('return typeof process')())`,
  ],
  ['a function of a module', `return storage.exists.constructor('return typeof process')()`],
  [
    'what crossed',
    `return storage.exists('x').then((v) => v.constructor.constructor('return typeof process')())`,
  ],
  [
    'the constructor behind that of buffers',
    `const Behind = Object.getPrototypeOf(ArrayBuffer); return Behind === Function.prototype ? 'undefined' : String(new Behind(8, { maxByteLength: 64 }).resizable)`,
  ],
  [
    'functions that a stack gives away',
    `const found = []; Error.prepareStackTrace = (_, sites) => sites.forEach((site) => { if (String(site.getFileName()).startsWith('m3m:') && (site.getFunction() || (site.getThis() ?? globalThis) !== globalThis)) found.push(site.getFunctionName()) })
    const look = { get a() { void new Error().stack; return 1 } }
    return storage.exists(look).catch(() => {}).then(() => { void new Error().stack; delete Error.prepareStackTrace; return found.length === 0 ? 'undefined' : found.join() })`,
  ],
  ['import()', `return import('node:fs').then(() => 'there', () => 'undefined')`],
  [
    'what else a realm may have',
    `return typeof (globalThis.ShadowRealm ?? globalThis.WebAssembly ?? globalThis.SharedArrayBuffer ?? globalThis.Atomics ?? globalThis.Worker ?? globalThis.gc ?? globalThis.d8)`,
  ],
  [
    'the caller',
    `function named() { try { return typeof named.caller?.caller?.caller } catch { return 'undefined' } } return named()`,
  ],
  ['the stack', `return typeof (Error.captureStackTrace({}), globalThis.Deno ?? globalThis.process)`],
]

/** Bodies that spoil the realm, each in a service of its own. What it does to itself is its own affair. */
export const pollutions: readonly [name: string, body: string][] = [
  [
    'prototypes',
    `for (const key of ['then', 'toJSON', 'status', 'headers', 'body', 'code', '0', 'get'])
      Object.defineProperty(Object.prototype, key, { get() { return undefined }, set() {}, configurable: true })
    return 'ok'`,
  ],
  [
    'primordials',
    `JSON.parse = JSON.stringify = () => { throw null }; Promise.prototype.then = () => { throw null }
    Array.prototype.push = Array.prototype.map = Array.prototype[Symbol.iterator] = () => { throw null }
    Map.prototype.get = Map.prototype.set = Reflect.apply = Function.prototype.call = () => { throw null }
    return 'ok'`,
  ],
  [
    'global names',
    `Object.setPrototypeOf(globalThis, new Proxy({}, { has() { for (;;); }, get() { for (;;); } })); return 'ok'`,
  ],
  ['time', `for (let i = 0; i < 9000; i++) setInterval(() => {}, 0); return 'ok'`],
  ['tasks', `const again = () => { delayed.run(again) }; again(); return 'ok'`],
  [
    'iteration',
    `const Found = Object.getPrototypeOf([][Symbol.iterator]()); Found.next = () => ({ done: false, value: 1 }); Object.defineProperty(Promise, Symbol.hasInstance, { value() { throw null } }); return 'ok'`,
  ],
  [
    'what JSON calls __proto__',
    `return cache.set('p', JSON.parse('{"__proto__":{"polluted":1}}')).then(() => 'ok')`,
  ],
]

/** What V8 or the watchdog ends a whole run for, perhaps with its process. */
export const fatalCases: readonly [name: string, body: string][] = [
  ['a growing list', `const all = []; for (;;) all.push(new Array(10000).fill('x'))`],
  ['a split V8 aborts on', `return 'x'.repeat(2 ** 28).split('').length`],
  ['growing maps', `const map = new Map(); for (let i = 0; ; i++) map.set(i, { i })`],
  ['buffers', `const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1))`],
  ['a chain', `let last = null; for (;;) last = { last }`],
  [
    'a rope that is flattened',
    `let rope = 'x'; for (let i = 0; i < 28; i++) rope += rope; return rope.charCodeAt(5)`,
  ],
  ['a list without end', `return Iterator.from({ next: () => ({ value: {}, done: false }) }).toArray()`],
  [
    'what runs when nobody entered: a finalizer that loops',
    `globalThis.kept = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1000; i++) kept.register({}, i)
    return new Promise(() => setInterval(() => { globalThis.garbage = Array.from({ length: 100 }, (_, i) => new Array(1000).fill(i)) }, 5))`,
  ],
  ['a giant argument', `return storage.write('big', 'x'.repeat(2 ** 27))`],
]

/** Read by isolated-vm, outside of the entry's own limit: only disposal ends it. */
export const STEP_TWO = `${LOOPING_STACK} Promise.reject(e); return 'ok'`
/** A loop inside V8 that looks for no interrupt and survives the disposal of its isolate: only the end of its process ends it. */
export const STEP_THREE = `return Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)`
