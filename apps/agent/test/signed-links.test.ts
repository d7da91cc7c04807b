// `storage.url` of a service, honoured by a real agent: by its own project's file only, and not for longer than was said.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const home = mkdtempSync(join(tmpdir(), 'm3m-links-'))
let agent: TestAgent
let panel: PanelClient

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
})
afterAll(async () => {
  await agent?.stop()
  rmSync(home, { recursive: true, force: true })
})

const CODE = `
router.get('/link', async (ctx) => {
  await storage.write('hello wörld.txt', 'hi there')
  return await storage.url('hello wörld.txt', { expires: +ctx.query.ms })
})
router.get('/forget', async () => { await storage.delete('hello wörld.txt'); return 'gone' })`

async function runService(name: string): Promise<string> {
  const { id: projectId } = await panel.mutate<{ id: string }>('projects.create', { name, slug: name })
  await panel.mutate('pipeline.saveFiles', {
    projectId,
    branch: 'develop',
    files: [{ path: 'main.js', code: CODE }],
  })
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  return projectId
}
const ask = async (path: string) => (await fetch(`${agent.servicesUrl}/r/${path}`)).text()

it('a link of a service opens its file, and nothing else, until it ends', async () => {
  const [own, other] = [await runService('shop'), await runService('other')]
  const url = await ask('shop/link?ms=60000')
  expect(url).toContain(`${agent.url}/files/signed/${own}/`)
  const answer = await fetch(url)
  expect([answer.status, await answer.text()]).toEqual([200, 'hi there'])
  expect(answer.headers.get('content-security-policy')).toContain('sandbox')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')

  await ask('other/link?ms=60000')
  const tries = [
    url.replace(own, other),
    url.replace('hello', 'hallo'),
    url.replace(/link=.*/, ''),
    `${url}x`,
  ]
  for (const tried of tries) expect((await fetch(tried)).status, tried).toBe(404)

  const short = await ask('shop/link?ms=1')
  await expect.poll(async () => (await fetch(short)).status, { timeout: 10_000 }).toBe(403)
  await ask('shop/forget')
  expect((await fetch(url)).status).toBe(404)
})
