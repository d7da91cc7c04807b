// Every example of docs/guides/records-api.md runs, as a stranger would type it.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { RECORD_CALLS } from '@m3m/data/schema'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AGENT_START_MS, openRestAgent, type Json, type RestAgent } from './rest-agent.ts'

const run = promisify(execFile)
const GUIDE = resolve(import.meta.dirname, '../../../docs/guides/records-api.md')

let agent: RestAgent
let guide: string
let token: string
let folder: string

beforeAll(async () => {
  guide = await readFile(GUIDE, 'utf8')
  folder = await mkdtemp(join(tmpdir(), 'm3m-guide-'))
  agent = await openRestAgent()
  const projectId = await agent.project('shop')
  const create = (slug: string, fields: Json[]) =>
    agent.panel.mutate('models.create', { projectId, name: slug, slug, fields })
  await create('customers', [{ key: 'name', type: 'string', required: true }])
  await create('orders', [
    { key: 'title', type: 'string', required: true },
    { key: 'status', type: 'select', options: ['open', 'paid'] },
    { key: 'price', type: 'float' },
    { key: 'tags', type: 'multiselect', options: ['new', 'old'] },
    { key: 'customer', type: 'ref', refModel: 'customers' },
    { key: 'invoice', type: 'file' },
  ])
  token = await agent.key(projectId, ['records:read', 'records:write'])
}, AGENT_START_MS)
afterAll(async () => {
  await agent[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!)

it('the walk runs from its first line to its last', { timeout: 60_000 }, async () => {
  const script = blocks('sh').join('\n')
  expect(script).toContain('curl')
  const env = { ...process.env, M3M_URL: agent.url, M3M_KEY: token }
  // A command that fails ends the script; so does one before a pipe.
  const ways = { cwd: folder, env, timeout: 50_000 }
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `${script}\nwait || true`], ways)
  expect(stdout).toContain('"expand":{"customer":{')
  expect(stdout).toContain('orders_via_customer')
  expect(stdout).toContain('"status":"paid"')
  expect(stdout).toContain('"total":30')
  expect(stdout).toContain('"price":35')
  expect(await readFile(join(folder, 'copy.pdf'), 'utf8')).toBe('%PDF-1.4\n')
})

it('every filter that it shows is one', async () => {
  const filters = blocks('text').flatMap((block) => block.trim().split('\n'))
  expect(filters.length).toBeGreaterThan(5)
  for (const filter of filters) {
    const asked = encodeURIComponent(filter)
    const { status, body } = await agent.rest('GET', `/projects/shop/records/orders?filter=${asked}`, {
      token,
    })
    expect(status, `${filter}: ${JSON.stringify(body)}`).toBe(200)
  }
})

it('its table has every call', () => {
  for (const { method, path } of Object.values(RECORD_CALLS))
    expect(guide).toContain(`\`${method} /records/{model}${path}`)
})
