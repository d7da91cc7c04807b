// Variables of the type Secret, from the panel's door to a running service and to the bytes on the disk.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'
import { until } from './processes.ts'

// Several processes start in each test: seconds on an idle machine, much more on a loaded one.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const CODE = `service.boot(() => {
  router.get('/key', () => ({ key: env.get('API_KEY') }))
})`
const SECRET = 'hunter2-never-on-the-wire'

const home = mkdtempSync(join(tmpdir(), 'm3m-secrets-'))
let agent: TestAgent
let panel: PanelClient
let projectId: string

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
  projectId = (await panel.mutate<{ id: string }>('projects.create', { name: 'Sealed', slug: 'sealed' })).id
})
afterAll(async () => {
  await agent?.stop()
  rmSync(home, { recursive: true, force: true })
})

it('a secret is read by the service, and by nobody else', async () => {
  const variables = [{ key: 'API_KEY', type: 'secret', value: SECRET }]
  const saved = await panel.mutate('env.save', { projectId, variables })
  expect(saved).toMatchObject({ variables: [{ key: 'API_KEY', type: 'secret', value: null }] })
  const listed = await panel.query('env.list', { projectId })
  expect(JSON.stringify([listed, await panel.query('projects.audit', { projectId })])).not.toContain(SECRET)

  const files = [{ path: 'main.js', code: CODE }]
  await panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  const answers = async (key: string) => {
    const response = await fetch(`${agent.servicesUrl}/r/sealed/key`)
    return response.ok && ((await response.json()) as { key: unknown }).key === key
  }
  await until(() => answers(SECRET), 'the service that reads its secret')

  // Saved with null it keeps what it has; the service sees a new value without a restart.
  const { revision } = await panel.mutate<{ revision: number }>('env.save', {
    projectId,
    variables: [{ key: 'API_KEY', type: 'secret', value: null }],
  })
  await until(() => answers(SECRET), 'the kept secret')
  const next = [{ key: 'API_KEY', type: 'secret', value: 'changed' }]
  await panel.mutate('env.save', { projectId, revision, variables: next })
  await until(() => answers('changed'), 'the new secret')

  const data = join(home, 'data')
  expect(statSync(join(data, 'secrets.key')).mode & 0o777).toBe(0o600)
  for (const name of readdirSync(data, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue
    const bytes = readFileSync(join(name.parentPath, name.name))
    expect([name.name, bytes.includes(SECRET)]).toEqual([name.name, false])
  }
})
