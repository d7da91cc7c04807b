import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn } from './panel-client.ts'

const TOKEN = 'a-token-for-prometheus'
const home = mkdtempSync(join(tmpdir(), 'm3m-prometheus-'))
let agent: TestAgent

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off', M3M_METRICS_TOKEN: TOKEN } })
})
afterAll(async () => {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

const scrape = (token: string | null) =>
  fetch(`${agent.url}/metrics`, { headers: token === null ? {} : { authorization: `Bearer ${token}` } })

test('Prometheus sees a service that answers, by its token only', async () => {
  const panel = await signIn(agent.url)
  const { id } = await panel.mutate('projects.create', { name: 'shop', slug: 'shop' })
  const code = "service.boot(() => { router.get('/tea/:kind', () => 'tea') })"
  await panel.mutate('pipeline.saveFiles', {
    projectId: id,
    branch: 'develop',
    files: [{ path: 'main.js', code }],
  })
  await panel.mutate('runs.start', { projectId: id, source: { branch: 'develop' } })
  for (const kind of ['green', 'black'])
    expect((await fetch(`${agent.url}/r/shop/tea/${kind}`)).status).toBe(200)

  const answer = await scrape(TOKEN)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await answer.text()).split('\n')
  expect(lines).toContain('m3m_service_up{project="shop"} 1')
  expect(lines).toContain('m3m_route_requests_total{project="shop",method="GET",route="/tea/:kind"} 2')
  expect(lines).toContain('m3m_service_request_duration_seconds_count{project="shop"} 2')

  for (const wrong of [null, 'another-token-of-somebody'])
    expect(await (await scrape(wrong)).json()).toMatchObject({
      error: { code: 'METRICS_TOKEN', status: 401 },
    })
})
