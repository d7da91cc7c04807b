import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Doc, Value } from '../bson/value.ts'
import { openFile } from '../store/file.ts'
import { fullAccess } from './access.ts'
import { createEngine, type Engine } from './engine.ts'
import type { Journal } from './journal.ts'

let folder: string
let engine: Engine
let release: () => void
let syncs: number
let close: () => void

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-durability-'))
  const sqlite = openFile(join(folder, 'mongo.sqlite'))
  close = () => {
    engine.close()
    sqlite.close()
  }
  syncs = 0
  let waiting: (() => void)[] = []
  release = () => {
    for (const done of waiting) done()
    waiting = []
  }
  const journal: Journal = {
    markDirty: () => {},
    sync: () => {
      syncs++
      return new Promise((done) => waiting.push(done))
    },
    close: () => {},
  }
  const fail = (error: unknown) => {
    throw error
  }
  engine = createEngine({ sqlite, journal, onBug: fail, onDamage: fail })
})
afterEach(() => {
  close()
  rmSync(folder, { recursive: true, force: true })
})

let lastId = 0

function insert(concern?: Record<string, Value>): Promise<unknown> {
  const body: Doc = new Map<string, Value>([
    ['insert', 'things'],
    ['documents', [new Map([['_id', ++lastId]])]],
  ])
  if (concern) body.set('writeConcern', new Map(Object.entries(concern)))
  const request = {
    requestId: 1,
    name: 'insert',
    db: 'm3m',
    body,
    sequences: new Map(),
    legacy: false as const,
    silent: false,
  }
  return engine.run(request, { access: fullAccess, connectionId: 1, address: 'test', login: null })
}

/** True when it is answered without the disk. */
async function isAnswered(write: Promise<unknown>): Promise<boolean> {
  let answered = false
  void write.then(() => (answered = true))
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  return answered
}

test.each([
  ['no write concern', undefined],
  ['an empty one', {}],
  ['w: majority', { w: 'majority' }],
  ['j: true', { w: 1, j: true }],
])('with %s a write is answered only when it is on the disk', async (_name, concern) => {
  const write = insert(concern)
  expect(await isAnswered(write)).toBe(false)
  expect(syncs).toBe(1)
  release()
  expect(await isAnswered(write)).toBe(true)
})

test.each([
  ['w: 1', { w: 1 }],
  ['j: false', { j: false }],
])('with %s a write is answered after its commit', async (_name, concern) => {
  expect(await isAnswered(insert(concern))).toBe(true)
  expect(syncs).toBe(0)
})
