import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'

// What services do to themselves, and what a neighbour feels of it. The floor is 100 ms on a quiet machine
// (architecture.md, Targets); tests share theirs, so a missed floor shows as a factor, not as a few milliseconds.
const NEIGHBOUR_MS = 1000

let agent: TestAgent
beforeAll(async () => {
  agent = await openTestAgent()
  await agent.run('neighbour', `router.get('/', () => 'here')`)
})
afterAll(() => agent[Symbol.asyncDispose]())

/** The longest answer of the neighbour while `work` is under way. */
async function probe(work: Promise<unknown>): Promise<number> {
  let worst = 0
  let running = true
  void work.finally(() => (running = false))
  while (running) {
    const began = performance.now()
    expect(await (await fetch(`${agent.base('neighbour')}/`)).text()).toBe('here')
    worst = Math.max(worst, performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return worst
}

/** Status of a request, and whether the service lives on. */
const limited: [name: string, code: string, status: number][] = [
  ['while (true)', `for (;;);`, 504],
  ['an endless chain of promises', `return (async () => { for (;;) await null })()`, 504],
  ['a promise that never settles', `return new Promise(() => {})`, 504],
  ['endless microtasks', `const again = () => Promise.resolve().then(again); return again()`, 504],
  ['endless recursion', `const down = () => down() + 1; return down()`, 500],
  ['a thrown undefined', `throw undefined`, 500],
  ['a thrown function', `throw () => {}`, 500],
  ['an answer that throws', `return { toJSON() { throw null } }`, 500],
  ['an answer too large', `return 'x'.repeat(12 * 1024 * 1024)`, 500],
  ['a header that splits', `return router.response(200, '', { 'x-a': 'b\\r\\nc: d' })`, 502],
  ['a status that is none', `const it = router.response(200, ''); it.status = 7; return it`, 502],
  ['a flood of timers', `for (let i = 0; i < 20000; i++) setTimeout(() => {}, 1e6)`, 500],
  [
    'a flood of rejections',
    `for (let i = 0; i < 2000; i++) Promise.reject(new Error('r' + i)); return 'ok'`,
    200,
  ],
  ['a flood of log lines', `for (let i = 0; i < 100000; i++) logger.info('line', i); return 'ok'`, 200],
]

test.for(limited)(
  '%s is limited to its call; the service and the neighbour go on',
  async ([name, body, status]) => {
    const slug = `s${limited.findIndex(([other]) => other === name)}`
    const run = await agent.run(
      slug,
      `router.get('/bad', () => { ${body} })\nrouter.get('/good', () => 'good')`,
      {
        limits: { cpuStretchMs: 400, requestWallMs: 1500 },
      },
    )
    const bad = fetch(`${agent.base(slug)}/bad`)
    const worst = await probe(bad)
    expect((await bad).status).toBe(status)
    expect(await (await fetch(`${agent.base(slug)}/good`)).text()).toBe('good')
    expect(worst).toBeLessThan(NEIGHBOUR_MS)
    await run.kill()
  },
)

const fatal: [name: string, code: string][] = [
  ['a growing list', `const all = []; for (;;) all.push(new Array(10000).fill('x'))`],
  ['a split V8 aborts on', `return 'x'.repeat(2 ** 28).split('').length`],
  ['growing maps', `const map = new Map(); for (let i = 0; ; i++) map.set(i, { i })`],
  ['buffers', `const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1))`],
]

test.for(fatal)('%s ends its own run with a reason, and nobody else feels it', async ([name, body]) => {
  const slug = `f${fatal.findIndex(([other]) => other === name)}`
  const run = await agent.run(slug, `router.get('/bad', () => { ${body} })`, {
    limits: { memoryMb: 32, cpuStretchMs: 3000, requestWallMs: 8000 },
  })
  const bad = fetch(`${agent.base(slug)}/bad`).then((answer) => answer.status)
  const worst = await probe(Promise.race([run.ended, bad]))
  // 503 with the run; 500 or 504 where the engine could still refuse the one call.
  expect([500, 503, 504]).toContain(await bad)
  expect(worst).toBeLessThan(NEIGHBOUR_MS)
  await run.kill()
  expect(['crashed', 'stopped']).toContain((await run.ended).kind)
})
