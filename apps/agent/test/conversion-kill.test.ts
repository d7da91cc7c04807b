// Regression watch: an agent killed while the records of a changed model are converted loses none of them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'
import { until } from './processes.ts'

/** Far more than what is converted while the caller waits (conversions.ts, AT_ONCE): some twenty batches. */
const RECORDS = 10_000

let home: string
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'm3m-conversion-'))))
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

it('a conversion goes on after kill -9, as often as it comes, and no value is lost', async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  let agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  try {
    let panel = await signIn(agent.url)
    const { id: projectId } = await panel.mutate<{ id: string }>('projects.create', { name: 'Shop' })
    const model = await panel.mutate<{ id: string; fields: object[] }>('models.create', {
      projectId,
      name: 'Things',
      slug: 'things',
      fields: [
        { key: 'size', type: 'string' },
        { key: 'old', type: 'string' },
      ],
    })
    await importAll(agent, panel, projectId)
    const [size, old] = model.fields as [{ key: string }, { key: string }]
    const fields = [
      { ...size, type: 'number' },
      { ...old, key: 'renamed' },
    ]
    const asked = panel.mutate('models.update', { projectId, model: 'things', fields, force: true })
    // The first kill comes as soon as some records have the new form, the second in the middle of what goes on.
    asked.catch(() => {})
    await until(() => begun(panel, projectId, model.id), 'a first batch')
    for (let kill = 0; kill < 2; kill += 1) {
      await agent.kill()
      await asked.catch(() => {})
      agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
      panel = await signIn(agent.url)
    }
    const isDone = async () => !(model.id in (await panel.query('models.progress', { projectId })))
    await until(isDone, 'the end of the conversion', 90_000)
    const count = (filter: string) =>
      panel
        .query<{ total: number }>('records.list', { projectId, model: 'things', filter, pageSize: 1 })
        .then(({ total }) => total)
    expect(await count('size >= 0 && renamed ~ "n"')).toBe(RECORDS)
    const { rows } = await panel.query<{ rows: object[] }>('records.aggregate', {
      projectId,
      model: 'things',
      measures: { sum: { sum: 'size' }, most: { max: 'size' } },
    })
    expect(rows).toEqual([{ sum: (RECORDS * (RECORDS - 1)) / 2, most: RECORDS - 1 }])
    // What is written now has the new form, and the model takes its next change.
    await panel.mutate('records.create', { projectId, model: 'things', data: { size: 1, renamed: 'n' } })
    await panel.mutate('models.update', { projectId, model: 'things', name: 'Things of size' })
  } finally {
    await agent.stop()
  }
}, 300_000)

async function begun(panel: PanelClient, projectId: string, modelId: string): Promise<boolean> {
  const progress = await panel.query<Record<string, { done: number }>>('models.progress', { projectId })
  return (progress[modelId]?.done ?? 0) > 0
}

async function importAll(agent: TestAgent, panel: PanelClient, projectId: string): Promise<void> {
  const rows = Array.from({ length: RECORDS }, (_, n) => JSON.stringify({ size: String(n), old: `n${n}` }))
  const options = encodeURIComponent(JSON.stringify({ format: 'ndjson' }))
  const answer = await fetch(
    `${agent.url}/files/records/${projectId}/things?name=things.ndjson&options=${options}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${panel.token}`, 'content-type': 'application/octet-stream' },
      body: rows.join('\n'),
    },
  )
  expect(answer.status, await answer.text()).toBeLessThan(300)
  const isIn = async () => {
    const [job] = await panel.query<{ state: string }[]>('records.imports', { projectId, model: 'things' })
    return job?.state === 'done'
  }
  await until(isIn, 'the import', 120_000)
}
