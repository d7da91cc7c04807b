import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type RecordEvent } from '../index.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let agent: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('two_processes')
  agent = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await agent.ensureIndexes()
})
afterAll(async () => {
  await agent[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

/** Runs a writer, and kills it with SIGKILL after so many acknowledged writes. */
async function writeAndKill(projectId: string, writes: number): Promise<string[]> {
  const file = new URL('./writer-process.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [file, store.uri, store.data.databaseName, projectId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === writes) child.kill('SIGKILL')
  }
  return lines
}

it('a killed writer loses no acknowledged write, and every record has exactly the events of its versions', async () => {
  const projectId = newId()
  const project = agent.project(projectId, { kind: 'operator', id: newId(), name: 'Ann' })
  await project.models.create({
    name: 'Things',
    slug: 'things',
    fields: [{ key: 'n', type: 'number', max: 5 }],
  })

  const acknowledged: string[] = []
  for (const writes of [6, 15]) {
    const [lines] = await Promise.all([
      writeAndKill(projectId, writes),
      // Another process writes at the same time.
      project.records.create('things', { n: 3 }),
    ])
    acknowledged.push(...lines)
    await agent.repair()
  }

  const events: RecordEvent[] = []
  const stop = new AbortController()
  const last = await project.records.create('things', { n: 4 })
  await agent.events.follow({ projectId, afterSeq: 0, signal: stop.signal }, (event) => {
    events.push(event)
    if (event.recordId === last.id) stop.abort()
  })
  const told = events.map((event) => `${event.recordId} ${event.version}`)
  expect(new Set(told).size).toBe(told.length)
  for (const line of acknowledged) expect(told).toContain(line.split(' ').slice(1).join(' '))
  const versions = new Map(events.map((event) => [event.recordId, event.version]))
  const found = await project.records.find('things', {}, { limit: 1000 })
  // A batch of three is there whole or not at all.
  expect(found.filter(({ n }) => n === 2).length % 3).toBe(0)
  expect(found.map(({ id, version }) => [id, version]).sort()).toEqual([...versions].sort())
}, 60_000)
