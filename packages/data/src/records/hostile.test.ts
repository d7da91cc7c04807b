import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData
let id: string

beforeAll(async () => {
  store = await openTestDatabase('hostile')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  project = engine.project(newId(), ann)
  await project.models.create({
    name: 'Things',
    slug: 'things',
    fields: [
      { key: 'text', type: 'string', pattern: '^(a+)+$' },
      { key: 'n', type: 'number' },
      { key: 'meta', type: 'document' },
      { key: 'address', type: 'document', fields: [{ key: 'city', type: 'string', required: true }] },
      { key: 'tags', type: 'multiselect', options: ['a'] },
      { key: 'self', type: 'ref', refModel: 'things' },
    ],
  })
  id = (await project.records.create('things', { n: 1 })).id
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const deep = (levels: number): unknown => {
  let value: unknown = {}
  for (let i = 0; i < levels; i += 1) value = { a: value }
  return value
}

describe('hostile data', () => {
  it.each([
    [{ text: { $gt: '' } }, 'text', 'FIELD_TYPE'],
    [{ n: { $inc: 1 } }, 'n', 'FIELD_TYPE'],
    [{ n: Number.NaN }, 'n', 'FIELD_TYPE'],
    [{ n: 1e300 }, 'n', 'FIELD_TYPE'],
    [{ text: '\ud800' }, 'text', 'FIELD_TYPE'],
    [{ meta: { $where: 1 } }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: { a: { 'b.c': 1 } } }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: { 'a\0': 1 } }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: JSON.parse('{"x": {"__proto__": {"admin": true}}}') as unknown }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: deep(10_000) }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: { big: 'x'.repeat(1_100_000) } }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: { f: () => 1 } }, 'meta', 'FIELD_DOCUMENT'],
    [{ meta: { n: 10n } }, 'meta', 'FIELD_DOCUMENT'],
    [{ address: { city: 'x', $set: 1 } }, 'address.$set', 'FIELD_UNKNOWN'],
    [{ address: {} }, 'address.city', 'FIELD_REQUIRED'],
    [{ tags: ['a', { $ne: 1 }] }, 'tags.1', 'FIELD_OPTION'],
    [{ tags: 'a' }, 'tags', 'FIELD_TYPE'],
    [{ self: { $oid: 'a'.repeat(24) } }, 'self', 'FIELD_REF'],
    [{ self: 'a'.repeat(24) }, 'self', 'FIELD_REF'],
    [{ 'meta.x': 1 }, 'meta.x', 'FIELD_UNKNOWN'],
    [{ $set: { n: 1 } }, '$set', 'FIELD_UNKNOWN'],
    [JSON.parse('{"__proto__": {"n": 1}}') as object, '__proto__', 'FIELD_UNKNOWN'],
    [{ constructor: 1 }, 'constructor', 'FIELD_UNKNOWN'],
    [{ toString: 1 }, 'toString', 'FIELD_UNKNOWN'],
    [{ createdAt: '2020-01-01' }, 'createdAt', 'FIELD_READ_ONLY'],
    [{ _id: 'a'.repeat(24) }, '_id', 'FIELD_READ_ONLY'],
  ])('%o is refused at %s', async (data, key, code) => {
    const failure = (await project.records
      .create('things', data as never)
      .catch((error: unknown) => error)) as {
      code: string
      fields: Record<string, { code: string }>
    }
    expect(failure.code).toBe('RECORD_INVALID')
    expect(Object.entries(failure.fields).map(([path, error]) => [path, error.code])).toContainEqual([
      key,
      code,
    ])
  })

  it.each([null, undefined, 'x', 7, [], [{}], new Date()])('%o is no record', async (data) => {
    await expect(project.records.create('things', data as never)).rejects.toMatchObject({
      code: 'RECORD_INVALID',
    })
  })

  it.each([
    [{ $set: { n: 1 }, n: 2 }, 'RECORD_UPDATE_INVALID'],
    [{ $where: { n: 1 } }, 'RECORD_UPDATE_INVALID'],
    [{ $rename: { n: 'm' } }, 'RECORD_UPDATE_INVALID'],
    [{ $set: [] }, 'RECORD_UPDATE_INVALID'],
    [{ $set: { 'meta.$x': 1 } }, 'RECORD_INVALID'],
    [{ $set: { version: 9 } }, 'RECORD_INVALID'],
    [{ $inc: { n: 'x' } }, 'RECORD_INVALID'],
    [{ $inc: { n: 1 }, $set: { n: 2 } }, 'RECORD_INVALID'],
    [{ $push: { n: 1 } }, 'RECORD_INVALID'],
    [{ $push: { tags: { $each: ['z'] } } }, 'RECORD_INVALID'],
    [{ $inc: { text: 1 } }, 'RECORD_INVALID'],
    [[{ $set: { n: 1 } }], 'RECORD_UPDATE_INVALID'],
  ])('the update %j is refused', async (update, code) => {
    const failed = project.records.findOneAndUpdate('things', { id }, update as never)
    await expect(failed).rejects.toMatchObject({ code, status: 400 })
    expect(await project.records.get('things', id)).toMatchObject({ n: 1, version: 1 })
  })

  it('cannot stall the process by a pattern', async () => {
    const start = performance.now()
    const failed = project.records.create('things', { text: `${'a'.repeat(9000)}b` })
    await expect(failed).rejects.toMatchObject({ fields: { text: { code: 'FIELD_PATTERN' } } })
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('in a model or a variable is refused before anything walks into it', async () => {
    const model = { name: 'X', slug: 'x', fields: [{ key: 'a', type: 'document', default: deep(10_000) }] }
    await expect(project.models.create(model as never)).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(project.models.update('things', { form: deep(10_000) as never })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
    })
    const json = (value: unknown) =>
      project.environment.save({ variables: [{ key: 'A', type: 'json', value: value as never }] })
    await expect(json(deep(10_000))).rejects.toMatchObject({ code: 'ENV_INVALID' })
    await expect(json('['.repeat(10_000) + ']'.repeat(10_000))).rejects.toMatchObject({ code: 'ENV_INVALID' })
  })

  it('never pollutes a prototype', () => {
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })
})
