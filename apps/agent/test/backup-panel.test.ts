// Backups as the panel makes, proves, gives and restores them.
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'
import { until } from './processes.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-backups-'))
const folder = join(home, 'backups')
const VIEWER = { email: 'ann@example.com', password: 'correct horse battery' }
let agent: TestAgent
let panel: PanelClient
let projectId: string

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  // The same port after the restart.
  agent = await startAgent({
    home,
    env: { M3M_SERVER_SERVICES_PORT: 'off', M3M_SERVER_PORT: String(await freePort()) },
  })
  panel = await signIn(agent.url)
  projectId = String((await panel.mutate('projects.create', { name: 'tea', slug: 'tea' }))['id'])
  await panel.mutate('storage.writeText', { projectId, path: 'a.txt', content: 'before' })
  await panel.mutate('users.create', {
    ...VIEWER,
    name: 'Ann',
    rights: { manageUsers: true, createProjects: true },
  })
}, 90_000)
afterAll(async () => {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface View {
  backups: { name: string; sizeBytes: number; proof: { problem: string | null } | null }[]
  job: object | null
  failure: { message: string } | null
  restored: { name: string; problem: string | null; by: string } | null
}
const view = () => panel.query<View>('agent.backup.list', {})

async function made(): Promise<string> {
  const name = String((await panel.mutate('agent.backup.make', {}))['name'])
  await until(async () => (await view()).job === null, 'the backup is done')
  return name
}

test('a backup is made beside the running agent and proved by a restore', { timeout: 60_000 }, async () => {
  const name = await made()
  const { backups, failure } = await view()
  expect(failure).toBe(null)
  expect(backups).toMatchObject([{ name, proof: { problem: null } }])
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  // No scratch stays.
  expect(readdirSync(folder).sort()).toEqual([name, `${name}.json`])
})

test('it is given to root, in ranges, and to nobody else', { timeout: 60_000 }, async () => {
  const { backups } = await view()
  const { name, sizeBytes } = backups[0]!
  const path = `/files/backups/${name}`
  const { urls } = (await (
    await fetch(`${agent.url}/files/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${panel.token}` },
      body: JSON.stringify({ paths: [path] }),
    })
  ).json()) as { urls: string[] }
  const rest = await fetch(agent.url + urls[0], { headers: { range: 'bytes=4-' } })
  expect([rest.status, (await rest.bytes()).length]).toEqual([206, sizeBytes - 4])
  const ann = await signIn(agent.url, VIEWER)
  const status = async (headers: Record<string, string>, at = path) =>
    (await fetch(agent.url + at, { headers })).status
  expect(await status({})).toBe(401)
  expect(await status({ authorization: `Bearer ${ann.token}` })).toBe(403)
  const auth = { authorization: `Bearer ${panel.token}` }
  for (const other of ['none.tar.zst', '..%2Fdata%2Fsecrets.key', `${name}.json`, '%00.tar.zst'])
    expect([other, await status(auth, `/files/backups/${other}`)]).toEqual([other, 404])
})

test('one that was damaged is found out', { timeout: 60_000 }, async () => {
  const name = await made()
  truncateSync(join(folder, name), 3_000)
  await panel.mutate('agent.backup.verify', { name })
  await until(async () => (await view()).job === null, 'the look is done')
  const { backups, failure } = await view()
  expect(backups.find((backup) => backup.name === name)?.proof?.problem).toMatch(/no whole backup/)
  expect(failure?.message).toMatch(/no whole backup/)
  // It is not restored either: the agent goes on as it is.
  await expect(panel.mutate('agent.backup.restore', { name, confirmName: name })).rejects.toThrow(
    /no whole backup/,
  )
  await panel.mutate('agent.backup.remove', { name, confirmName: name })
  expect(readdirSync(folder)).not.toContain(name)
})

test('a restore puts everything back and the agent serves again', { timeout: 90_000 }, async () => {
  const name = await made()
  await panel.mutate('storage.writeText', { projectId, path: 'a.txt', content: 'too late' })
  await panel.mutate('projects.create', { name: 'late', slug: 'late' })
  const life = async () => (await panel.query<{ life: string }>('agent.info', {})).life
  const before = await life()
  await panel.mutate('agent.backup.restore', { name, confirmName: name })
  await until(async () => (agent.output().match(/is ready/g) ?? []).length === 2, 'the agent is back')
  panel = await signIn(agent.url)
  expect(await life()).not.toBe(before)
  expect((await view()).restored).toMatchObject({ name, problem: null, by: 'root' })
  const projects = await panel.query<{ slug: string }[]>('projects.list', {})
  expect(projects.map(({ slug }) => slug)).toEqual(['tea'])
  expect(await panel.query('storage.readText', { projectId, path: 'a.txt' })).toMatchObject({
    content: 'before',
  })
  expect(await panel.query('audit.list', { action: 'agent.backup.restored' })).toMatchObject([
    { target: name },
  ])
})

test('what a killed agent left of a backup goes with the next one', { timeout: 60_000 }, async () => {
  writeFileSync(join(folder, '.m3m-2026-01-01T000000Z.tar.zst-abc'), 'half')
  await made()
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  expect(readFileSync(join(folder, 'last-restore.json'), 'utf8')).toContain('"isNews":false')
})
