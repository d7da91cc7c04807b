// The runtime as an agent holds it, in a process of its own: prints `{port}` and lives until it is killed.
import { openTestAgent } from '../src/testing/open-agent.ts'

const services = Number(process.argv[2] ?? 1)
const isolation = process.argv[3] === 'shared' ? 'shared' : 'process'
const code = `
  service.boot(() => {
    router.get('/health/:id', (ctx) => router.response(200, { ok: true, id: ctx.params.id }))
    router.get('/call/:id', async (ctx) => ({ ok: true, id: ctx.params.id, hash: (await crypto.randomBytes(4)).length }))
  })`

const agent = await openTestAgent()
const began = performance.now()
await Promise.all(Array.from({ length: services }, (_, i) => agent.run(`s${i}`, code, { isolation })))
process.stdout.write(
  `${JSON.stringify({ port: agent.port, readyMs: performance.now() - began, folder: agent.folder })}\n`,
)
