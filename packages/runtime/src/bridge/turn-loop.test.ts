import { expect, test } from 'vitest'
import { defineModule, type HostContext } from '../module/define-module.ts'
import { openTestService } from '../module/testing.ts'
import { rooms } from '../modules/rooms.ts'

// A room whose calls take as long as the test wants. Its sandbox half is that of `logger`: calls are made by hand.
const slow = defineModule({
  name: 'slow',
  host: (context: HostContext) => ({
    calls: {
      now: (args) => args[0],
      wait: ([ms]) => new Promise((resolve) => setTimeout(() => resolve(ms), Number(ms))),
      never: () => new Promise(() => {}),
      fail: () => {
        throw new Error('a secret path /etc/passwd')
      },
      self: (_args, call) => call.enter('service.start', []),
      pid: () => context.project.id,
    },
  }),
})

/** Boots a service in which `ask(member, ...args)` and `$ask` call the room above. */
function open(code: string, limits: Record<string, number> = {}) {
  return openTestService({ code, limits, rooms: [...rooms, slow], calls: true })
}

test('a service answers a request with JSON', async () => {
  await using service = await open(`router.get('/hello/:name', (ctx) => ({ hello: ctx.params.name }))`)
  const answer = await service.get('/hello/world')
  expect(answer).toMatchObject({ status: 200, headers: 0 })
  expect(answer.json).toEqual({ hello: 'world' })
})

test('requests are not starved by a stream of completions, nor completions by requests', async () => {
  await using service = await open(`
    let turns = 0, running = true
    router.get('/spin', async () => { while (running) { await ask('now', 1); turns++ } return { turns } })
    router.get('/fast', () => ({ turns }))
    router.get('/stop', () => { running = false; return 'ok' })
  `)
  const spinning = [1, 2, 3].map(() => service.get('/spin'))
  for (let i = 0; i < 200; i++) expect((await service.get('/fast')).status).toBe(200)
  expect(((await service.get('/fast')).json as { turns: number }).turns).toBeGreaterThan(100)
  await service.get('/stop')
  for (const answer of await Promise.all(spinning)) expect(answer.status).toBe(200)
})

test('a slice ends after each handler, so that what finished leaves before the next long one', async () => {
  await using service = await open(`
    router.get('/busy/:ms', (ctx) => { const until = Date.now() + +ctx.params.ms; while (Date.now() < until); return Date.now() })
  `)
  const began = Date.now()
  const seen: number[] = []
  await Promise.all(
    [1, 2, 3, 4, 5].map(() => service.get('/busy/60').then(() => seen.push(Date.now() - began))),
  )
  // Were they answered together, all would come after 300 ms.
  expect(seen[0]).toBeLessThan(180)
  expect(seen.at(-1)! - seen[0]!).toBeGreaterThan(150)
})

test('a $ call blocks its service, sends finished answers first, and gives back the value', async () => {
  await using service = await open(`
    router.get('/quick', () => 'quick')
    router.get('/block', () => ({ slept: $ask('wait', 150) }))
  `)
  const order: string[] = []
  const answers = [
    service.get('/quick').then(() => order.push('quick')),
    service.get('/block').then((answer) => order.push(`block ${answer.body}`)),
    service.get('/quick').then(() => order.push('quick after')),
  ]
  await answers[0]
  expect(order).toEqual(['quick'])
  await Promise.all(answers)
  expect(order).toEqual(['quick', 'block {"slept":150}', 'quick after'])
})

test('a blocked call ends at its deadline, and the service goes on', async () => {
  await using service = await open(
    `router.get('/never', () => { try { $ask('never') } catch (error) { return { code: error.code } } })`,
  )
  const began = Date.now()
  const answer = await service.request('GET', '/never', { wallMs: 300 })
  expect(answer.json).toEqual({ code: 'SERVICE_CALL_TIMEOUT' })
  expect(Date.now() - began).toBeLessThan(2000)
  expect((await service.get('/none')).status).toBe(404)
})

test('a $ call that would wait for the service itself fails at once', async () => {
  await using service = await open(`
    router.get('/self', () => { try { $ask('self') } catch (error) { return { code: error.code, message: error.message } } })
    router.get('/other', async () => { await ask('self'); return 'fine' })
  `)
  const answer = await service.get('/self')
  expect(answer.json).toMatchObject({ code: 'SERVICE_WOULD_WAIT_FOR_ITSELF' })
  expect((await service.get('/other')).body).toBe('fine')
})

test('what a host call throws by mistake does not show its insides', async () => {
  await using service = await open(
    `router.get('/fail', async () => { try { await ask('fail') } catch (error) { return { code: error.code, message: error.message } } })`,
  )
  expect((await service.get('/fail')).json).toEqual({
    code: 'RUNTIME_INTERNAL',
    message: '"slow.fail" failed inside m3m; the agent\'s log has the details.',
  })
})

test('a floating rejection with what is no error says so in plain words', async () => {
  await using service = await open(
    `router.get('/proxy', () => { Promise.reject(new Proxy({}, { get() { throw 1 } })); return 'ok' })`,
  )
  expect((await service.get('/proxy')).body).toBe('ok')
  expect(await service.logged(/Unhandled rejection/)).toMatch(/a value that cannot be shown/)
})

test('answers survive floating rejections of the same entry', async () => {
  await using service = await open(`
    router.get('/float', () => { Promise.reject(new TypeError('floating')); return { ok: 1 } })
    router.get('/plain', () => ({ ok: 2 }))
  `)
  const answers = await Promise.all([service.get('/float'), service.get('/plain'), service.get('/float')])
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
  expect(await service.logged(/floating/)).toMatch(
    /^Unhandled rejection: TypeError: floating\n {4}at .*main\.js:2:/,
  )
})

test('answers survive a loop after them, the culprit gets 504, the rest go on', async () => {
  await using service = await open(
    `
    router.get('/before', () => ({ n: 1 }))
    router.get('/loop', () => { for (;;); })
    router.get('/after', () => ({ n: 2 }))
    router.get('/parked', async () => { await ask('wait', 400); return { n: 3 } })
  `,
    { cpuStretchMs: 300 },
  )
  const parked = service.get('/parked')
  const [before, loop, after] = await Promise.all([
    service.get('/before'),
    service.get('/loop'),
    service.get('/after'),
  ])
  expect([before!.status, loop!.status, after!.status, (await parked).status]).toEqual([200, 504, 200, 200])
  expect(await service.logged(/without a pause/)).toContain('300 ms')
  expect(await service.logged(/GET \/loop failed/)).toContain('was cut off')
})

test('a stream whose source loops is broken off and named; sockets and other streams go on', async () => {
  await using service = await open(
    `
    router.get('/endless', () => router.stream((function* () { for (;;) yield '' })()))
    router.get('/loop', () => router.sse(async (send, closed) => { closed.addEventListener('abort', () => logger.info('the stream was told')); await send('first'); for (;;); }))
    router.get('/fine', () => router.stream((async function* () { yield 'a'; await ask('wait', 900); yield 'b' })()))
    router.get('/plain', () => 'plain')
  `,
    { cpuStretchMs: 300 },
  )
  const fine = service.request('GET', '/fine')
  await fine
  for (const path of ['/endless?secret=1', '/loop']) {
    const asked = service.request('GET', path)
    expect((await asked).status).toBe(200)
    await service.until(() => service.bodies.get(asked.stream)?.broken === true)
    expect(await service.logged(new RegExp(`GET ${path.split('?')[0]} was broken off`))).not.toContain(
      'secret',
    )
  }
  await service.logged(/the stream was told/)
  expect((await service.get('/plain')).body).toBe('plain')
  await service.until(() => service.bodies.get(fine.stream)?.ended === true)
  expect(service.bodies.get(fine.stream)!.broken).toBe(false)
})

test('a loop in a continuation is cut off too, and who waited elsewhere goes on', async () => {
  await using service = await open(
    `
    router.get('/loop', async () => { await ask('now', 1); for (;;); })
    router.get('/endless', async () => { for (;;) await null })
    router.get('/parked', async () => { await ask('wait', 900); return { n: 3 } })
    router.get('/plain', () => 'plain')
  `,
    { cpuStretchMs: 300 },
  )
  const parked = service.get('/parked')
  expect((await service.get('/loop')).status).toBe(504)
  expect((await service.get('/endless')).status).toBe(504)
  expect((await service.get('/plain')).body).toBe('plain')
  expect((await parked).json).toEqual({ n: 3 })
})

test('time spent parked does not count as computing', async () => {
  await using service = await open(`router.get('/park', () => ({ slept: $ask('wait', 700) }))`, {
    cpuStretchMs: 200,
  })
  expect((await service.get('/park')).json).toEqual({ slept: 700 })
})

test('a native loop that cannot be interrupted ends the isolate or asks for the end of its process', async () => {
  await using service = await open(
    `router.get('/native', () => { new Array(2 ** 32 - 2).fill(0).join('x'.repeat(1000)); return 1 }); router.get('/regex', () => /^(a+)+$/.test('a'.repeat(60) + 'b'))`,
    { cpuStretchMs: 200, memoryMb: 64 },
  )
  void service.get('/regex').catch(() => {})
  const end = await Promise.race([
    service.gone.then((error) => error.code),
    service.poisoned.then(() => 'poisoned'),
    service.logged(/cut off/).then(() => 'cut off'),
  ])
  expect(['RUN_CPU_LIMIT', 'RUN_MEMORY_LIMIT', 'poisoned', 'cut off']).toContain(end)
})

test('a memory bomb ends the run with its limit named', async () => {
  await using service = await open(
    `router.get('/bomb', () => { const all = []; for (;;) all.push(new Array(100000).fill({})) })`,
    { memoryMb: 32, cpuStretchMs: 15_000 },
  )
  void service.get('/bomb').catch(() => {})
  expect((await service.gone).code).toBe('RUN_MEMORY_LIMIT')
})

test("errors thrown as anything are a 500 and a log line, with the position in the author's file", async () => {
  await using service = await open(`
router.get('/error', () => {
  throw new Error('boom')
})
router.get('/string', () => { throw 'text' })
router.get('/null', () => { throw null })
router.get('/hostile', () => { throw { get message() { throw 1 }, toString() { throw 2 } } })
router.get('/proxy', () => { throw new Proxy({}, { get() { throw 3 }, getPrototypeOf() { throw 4 } }) })
router.get('/cause', async () => { throw new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'X_Y' }) }) })`)
  for (const path of ['/error', '/string', '/null', '/hostile', '/proxy', '/cause']) {
    const answer = await service.get(path)
    expect(answer.status, path).toBe(500)
    expect(answer.json).toHaveProperty('requestId')
  }
  expect(await service.logged(/boom/)).toMatch(/Error: boom\n {4}at .*main\.js:3:9/)
  expect(await service.logged(/outer/)).toContain('caused by Error: inner (X_Y)')
})

test('64 host calls run at once, more wait inside, none is lost', async () => {
  await using service = await open(
    `router.get('/many', async () => { const all = await Promise.all(Array.from({ length: 500 }, (_, i) => ask('now', i))); return { sum: all.reduce((a, b) => a + b) } })`,
  )
  expect((await service.get('/many')).json).toEqual({ sum: (499 * 500) / 2 })
})

test('what user code does to the realm does not reach the prelude', async () => {
  await using service = await open(`
    JSON.parse = JSON.stringify = () => 'broken'
    Promise.prototype.then = () => 1
    Date.now = () => NaN
    router.get('/x', () => ({ fine: true }))
  `)
  expect((await service.get('/x')).body).toBe('{"fine":true}')
})

test('nothing of the host is in reach', async () => {
  await using service = await open(`
    router.get('/x', () => ({
      names: ['process', 'module', 'global', 'Buffer', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', '__m3m_prelude'].filter((name) => globalThis[name] !== undefined),
      resizable: new ArrayBuffer(8, { maxByteLength: 1024 }).resizable,
      required: (() => { try { return typeof require('node:fs') } catch (error) { return error.code ?? error.message } })(),
      viaPrototype: Object.getPrototypeOf(new Uint8Array(2).buffer).constructor === ArrayBuffer,
    }))
  `)
  expect((await service.get('/x')).json).toEqual({
    names: [],
    resizable: false,
    // The author's own files and packages, and nothing of Node's.
    required: 'SERVICE_MODULE_NOT_FOUND',
    viaPrototype: true,
  })
})
