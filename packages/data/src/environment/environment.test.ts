import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine } from '../index.ts'
import type { Variable } from '../schema.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('environment')
  const secrets = {
    seal: (plain: string) => Buffer.from(plain).toString('base64'),
    open: (sealed: string) => Buffer.from(sealed, 'base64').toString(),
  }
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger, secrets })
})
afterAll(() => store[Symbol.asyncDispose]())

const fresh = () => engine.project(newId(), ann).environment

describe('variables', () => {
  it('begin empty, keep their order, and are read with their types', async () => {
    const environment = fresh()
    expect(await environment.list()).toEqual({ variables: [], revision: 0 })
    const saved = await environment.save({
      variables: [
        { key: 'NAME', type: 'string', value: 'm3m' },
        { key: 'LIMIT', type: 'integer', value: '12' },
        { key: 'RATE', type: 'float', value: 0.5 },
        { key: 'ON', type: 'boolean', value: 'true' },
        { key: 'CONFIG', type: 'json', value: '{"a":[1]}' },
        { key: 'QUOTED', type: 'json', value: '"text"' },
        { key: 'NOTE', type: 'text', value: 'two\nlines' },
      ],
    })
    expect(saved.revision).toBe(1)
    expect(saved.variables.map((variable) => variable.key)).toEqual([
      'NAME',
      'LIMIT',
      'RATE',
      'ON',
      'CONFIG',
      'QUOTED',
      'NOTE',
    ])
    expect(await environment.list()).toEqual(saved)
    // What a list gives can be saved as it is.
    expect((await environment.save(saved)).variables).toEqual(saved.variables)
    expect((await environment.read()).values).toEqual({
      NAME: 'm3m',
      LIMIT: 12,
      RATE: 0.5,
      ON: true,
      CONFIG: { a: [1] },
      QUOTED: 'text',
      NOTE: 'two\nlines',
    })
  })

  it('are refused all together when one is wrong', async () => {
    const environment = fresh()
    await environment.save({ variables: [{ key: 'KEPT', type: 'string', value: 'x' }] })
    const failed = environment.save({
      variables: [
        { key: 'INT', type: 'integer', value: 1.5 },
        { key: 'JSON', type: 'json', value: '{' },
        { key: 'BOOL', type: 'boolean', value: 'maybe' },
        { key: 'FLOAT', type: 'float', value: 'NaN' },
        { key: 'LINE', type: 'string', value: 'a\nb' },
        { key: 'OK', type: 'string', value: 'a' },
        { key: 'OK', type: 'string', value: 'b' },
      ],
    })
    await expect(failed).rejects.toMatchObject({
      code: 'ENV_INVALID',
      status: 400,
      fields: {
        INT: { code: 'ENV_TYPE' },
        JSON: { code: 'ENV_JSON' },
        BOOL: { code: 'ENV_TYPE' },
        FLOAT: { code: 'ENV_TYPE' },
        LINE: { code: 'ENV_LINES' },
        OK: { code: 'ENV_TWICE' },
      },
    })
    expect((await environment.list()).variables.map((variable) => variable.key)).toEqual(['KEPT'])
    for (const key of ['', '9A', 'A-B', '__proto__', 'a b']) {
      const bad = environment.save({ variables: [{ key, type: 'string', value: '' }] })
      await expect(bad).rejects.toMatchObject({ code: 'ENV_INVALID' })
    }
  })

  it('tell the second of two people who saved at once', async () => {
    const environment = fresh()
    const variables: Variable[] = [{ key: 'A', type: 'string', value: '1' }]
    const outcomes = await Promise.allSettled([
      environment.save({ variables, revision: 0 }),
      environment.save({ variables, revision: 0 }),
    ])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
    await environment.save({ variables, revision: 1 })
    await expect(environment.save({ variables, revision: 1 })).rejects.toMatchObject({
      code: 'ENV_CHANGED',
      status: 409,
    })
  })

  it('never give a secret away, and keep it when it comes back as null', async () => {
    const environment = fresh()
    const saved = await environment.save({ variables: [{ key: 'TOKEN', type: 'secret', value: 'hunter2' }] })
    expect(saved.variables).toEqual([{ key: 'TOKEN', type: 'secret', value: null }])
    expect(JSON.stringify(await store.data.collection('environments').find().toArray())).not.toContain(
      'hunter2',
    )
    await environment.save(saved)
    expect((await environment.read()).values).toEqual({ TOKEN: 'hunter2' })
    const bare = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
    const refused = bare
      .project(newId(), ann)
      .environment.save({ variables: [{ key: 'T', type: 'secret', value: 'x' }] })
    await expect(refused).rejects.toMatchObject({ fields: { T: { code: 'ENV_NO_SECRETS' } } })
  })
})
