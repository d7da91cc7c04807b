// A disk that is full: nothing is half-written, each refusal says what to do, and writing works again when there is room.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent } from '../src/testing.ts'
import { ROOT, signIn } from './panel-client.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-disk-'))
const filler = join(home, 'filler')
/** Only root may mount. */
let isMounted = false
beforeAll(() => {
  const mount = ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', home]
  isMounted = spawnSync('mount', mount, { stdio: 'ignore' }).status === 0
})
afterAll(() => {
  if (isMounted) spawnSync('umount', ['-l', home])
  rmSync(home, { recursive: true, force: true })
})

/** Takes every byte that is left, and the small rest as well. */
function fill(): void {
  for (const [index, bytes] of [1_000_000, 4_096, 512].entries())
    try {
      for (;;) writeFileSync(`${filler}-${index}`, Buffer.alloc(bytes), { flag: 'a' })
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    }
  expect(statfsSync(home).bavail).toBe(0)
}
const makeRoom = () => [0, 1, 2].forEach((index) => rmSync(`${filler}-${index}`, { force: true }))

/** The head of a picture is enough: it has to be written down before it is looked at. */
const PICTURE = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(100_000)])

const CODE = `
router.get('/', () => 'ok')
router.get('/insert', async () => {
  try { return { id: (await database.items.insert({ name: 'x'.repeat(20_000) })).id } } catch (error) { return { code: error.code } }
})`

test(
  'on a full disk reads and services go on, and every refusal says why',
  { timeout: 120_000 },
  async ({ skip }) => {
    if (!isMounted) return skip('needs the right to mount')
    await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
    const agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
    try {
      const panel = await signIn(agent.url)
      const projectId = String((await panel.mutate('projects.create', { name: 'Full' }))['id'])
      const fields = [{ key: 'name', type: 'text' }]
      await panel.mutate('models.create', { projectId, name: 'Items', slug: 'items', fields })
      await panel.mutate('pipeline.saveFiles', {
        projectId,
        branch: 'develop',
        files: [{ path: 'main.js', code: CODE }],
      })
      await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
      await panel.mutate('storage.writeText', { projectId, path: 'keep.txt', content: 'before' })
      const service = async (path: string) => (await fetch(`${agent.url}/r/full/${path}`)).text()
      const insert = async () => JSON.parse(await service('insert')) as { id?: string; code?: string }
      const records = () => panel.query<{ total: number }>('records.list', { projectId, model: 'items' })
      expect(await insert()).toHaveProperty('id')

      fill()
      const content = 'x'.repeat(50_000)
      await expect(
        panel.mutate('records.create', { projectId, model: 'items', data: { name: content } }),
      ).rejects.toThrow(/disk of the database is full/)
      await expect(panel.mutate('projects.create', { name: content.slice(0, 80) })).rejects.toThrow(
        /disk of the database/,
      )
      await expect(
        panel.mutate('storage.writeText', { projectId, path: 'keep.txt', content }),
      ).rejects.toThrow(/disk of the agent is full/)
      const put = async (path: string, type: string) => {
        const headers = { authorization: `Bearer ${panel.token}`, 'content-type': type }
        const answer = await fetch(agent.url + path, { method: 'PUT', headers, body: PICTURE })
        return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code]
      }
      expect(await put('/files/imports', 'application/zstd')).toEqual([507, 'HTTP_DISK_FULL'])
      expect(await put('/files/avatar', 'image/png')).toEqual([507, 'HTTP_DISK_FULL'])
      expect(await insert()).toEqual({ code: 'DATABASE_DISK_FULL' })
      expect(await service('')).toBe('ok')
      expect(await records()).toMatchObject({ total: 1 })
      expect(await panel.query('storage.readText', { projectId, path: 'keep.txt' })).toMatchObject({
        content: 'before',
      })

      makeRoom()
      expect(await insert()).toHaveProperty('id')
      await panel.mutate('storage.writeText', { projectId, path: 'keep.txt', content })
      await panel.mutate('runs.restart', { projectId })
      expect(await service('')).toBe('ok')
      expect(await records()).toMatchObject({ total: 2 })
    } finally {
      await agent.stop()
    }
  },
)
