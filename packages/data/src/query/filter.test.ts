import { newId } from '@m3m/base'
import type { Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { compileModels, type ModelSet } from '../models/compiled-model.ts'
import type { Field, Model } from '../schema.ts'
import { parseFilter } from './build-filter.ts'
import { compileFilter } from './compile-filter.ts'

const NOW = Date.UTC(2026, 10, 22, 15, 30)

function model(slug: string, fields: Field[]): Model {
  const at = '2026-01-01T00:00:00.000Z'
  return {
    id: newId(),
    projectId: newId(),
    name: slug,
    slug,
    indexes: [],
    table: {},
    form: {},
    revisions: false,
    trash: null,
    version: 1,
    createdAt: at,
    updatedAt: at,
    fields: fields.map((field) => ({ ...field, id: newId() })),
  }
}

const models: ModelSet = compileModels([
  model('owners', [
    { key: 'name', type: 'string' },
    { key: 'boss', type: 'ref', refModel: 'owners' },
  ]),
  model('items', [
    { key: 'status', type: 'select', options: ['open', 'closed'] },
    { key: 'price', type: 'float' },
    { key: 'count', type: 'number' },
    { key: 'on', type: 'bool' },
    { key: 'tags', type: 'multiselect', options: ['a', 'b'] },
    { key: 'meta', type: 'document' },
    { key: 'address', type: 'document', fields: [{ key: 'city', type: 'string' }] },
    { key: 'at', type: 'datetime' },
    { key: 'owner', type: 'ref', refModel: 'owners' },
    { key: 'email', type: 'email' },
  ]),
])
const items = models.bySlug.get('items')!
const someOwner = { fake: 'owner' }

async function compiled(filter: unknown, params?: Record<string, unknown>): Promise<Document> {
  const tree = parseFilter(
    { filter: filter as string, params, maxTimeMs: 1 },
    { model: items, models, nowMs: NOW },
  )
  return compileFilter(tree, (node) => Promise.resolve([{ ...someOwner, of: node.path.hops.length }]))
}

describe('a text filter and its JSON twin compile to the same', () => {
  it.each([
    ['status = "open"', { status: 'open' }],
    ['status = "open" && price > 10', { status: 'open', price: { $gt: 10 } }],
    ['price >= 1.5e1 || count != 3', { $or: [{ price: { $gte: 15 } }, { count: { $ne: 3 } }] }],
    ['!(on = true)', { $not: { on: true } }],
    ['not (on = true) and price < 1', { $and: [{ $not: { on: true } }, { price: { $lt: 1 } }] }],
    ['status in ("open", "closed")', { status: { $in: ['open', 'closed'] } }],
    ['count notIn [1, 2]', { count: { $nin: [1, 2] } }],
    ['price isNull', { price: null }],
    ['price isNotNull', { price: { $exists: true } }],
    ['email ~ "a.b"', { email: { $contains: 'a.b' } }],
    ['owner.name ~ "ann"', { 'owner.name': { $contains: 'ann' } }],
    ['at >= "2026-01-01"', { at: { $gte: new Date('2026-01-01') } }],
    ['meta.deep.x = 1', { 'meta.deep.x': 1 }],
    ['tags ?= "a"', { tags: 'a' }],
    ['tags != "a"', { tags: { $ne: 'a' } }],
    ['', {}],
  ])('%s', async (text, json) => {
    expect(await compiled(text)).toEqual(await compiled(json))
  })
})

describe('what MongoDB gets', () => {
  it('has values of the stored type', async () => {
    expect(await compiled({ count: '5', on: 'true', at: '2026-01-31T01:00:00+01:00' })).toEqual({
      $and: [{ count: { $eq: 5 } }, { on: { $eq: true } }, { at: { $eq: new Date('2026-01-31T00:00:00Z') } }],
    })
    const { owner } = (await compiled({ owner: 'a'.repeat(24) })) as {
      owner: { $eq: { toHexString(): string } }
    }
    expect(owner.$eq.toHexString()).toBe('a'.repeat(24))
  })

  it('has macros in UTC and values for placeholders', async () => {
    expect(await compiled('at >= @monthStart && at < @now')).toEqual({
      $and: [{ at: { $gte: new Date('2026-11-01') } }, { at: { $lt: new Date(NOW) } }],
    })
    expect(await compiled('at > @weekStart')).toEqual({ at: { $gt: new Date('2026-11-16') } })
    expect(await compiled('status = {:s} && count in {:list}', { s: 'open', list: [1] })).toEqual({
      $and: [{ status: { $eq: 'open' } }, { count: { $in: [1] } }],
    })
  })

  it('has text to look for with every special character made plain', async () => {
    expect(await compiled({ email: { $contains: '.*(a+)+$[x]{1}|^\\' } })).toEqual({
      email: { $regex: String.raw`\.\*\(a\+\)\+\$\[x\]\{1\}\|\^\\`, $options: 'i' },
    })
  })

  it('follows refs by the ids of their targets, however many', async () => {
    expect(await compiled({ 'owner.boss.name': 'Ann' })).toEqual({
      owner: { $in: [{ fake: 'owner', of: 2 }] },
    })
  })

  it('asks every item of a list for a text operator without "?"', async () => {
    expect(await compiled('tags = "a"')).toEqual({
      $and: [{ tags: { $eq: 'a' } }, { tags: { $not: { $elemMatch: { $not: { $eq: 'a' } } } } }],
    })
    expect(await compiled('tags ?!= "a"')).toEqual({ tags: { $elemMatch: { $ne: 'a' } } })
  })
})

function nested(depth: number): unknown {
  let filter: unknown = { count: 1 }
  for (let i = 0; i < depth; i += 1) filter = { $and: [filter] }
  return filter
}

describe('hostile filters', () => {
  it.each([
    [{ $where: 'sleep(1000)' }, 'QUERY_OPERATOR_UNKNOWN', '$where'],
    [{ $expr: { $eq: [1, 1] } }, 'QUERY_OPERATOR_UNKNOWN', '$expr'],
    [{ $function: {} }, 'QUERY_OPERATOR_UNKNOWN', '$function'],
    [{ $jsonSchema: {} }, 'QUERY_OPERATOR_UNKNOWN', '$jsonSchema'],
    [{ $comment: 'x' }, 'QUERY_OPERATOR_UNKNOWN', '$comment'],
    [{ count: { $where: '1' } }, 'QUERY_OPERATOR_UNKNOWN', '$where'],
    [{ count: { $gt: { $ne: null } } }, 'QUERY_VALUE', 'count'],
    [{ count: { $in: [{ $gt: 0 }] } }, 'QUERY_VALUE', 'count'],
    [{ status: { $regex: { $gt: '' } } }, 'QUERY_VALUE', 'status'],
    [{ email: { $not: { $where: '1' } } }, 'QUERY_OPERATOR_UNKNOWN', '$where'],
    [{ email: { $elemMatch: {} } }, 'QUERY_OPERATOR_UNKNOWN', '$elemMatch'],
    [{ email: { a: 1 } }, 'QUERY_VALUE', 'email'],
    [{ email: {} }, 'QUERY_VALUE', 'email'],
    [{ meta: { $gt: 1 } }, 'QUERY_OPERATOR_MISFIT', '$gt'],
    [{ on: { $gt: true } }, 'QUERY_OPERATOR_MISFIT', '$gt'],
    [{ meta: { $eq: { $where: 1 } } }, 'QUERY_VALUE', 'meta'],
    [{ 'meta.$where': 1 }, 'QUERY_FIELD_UNKNOWN', 'meta.$where'],
    [{ 'meta.__proto__.x': 1 }, 'QUERY_FIELD_UNKNOWN', '__proto__'],
    [{ 'address.street': 1 }, 'QUERY_FIELD_UNKNOWN', 'address.street'],
    [{ 'status.length': 1 }, 'QUERY_FIELD_UNKNOWN', 'status.length'],
    [{ 'owner.password': 1 }, 'QUERY_FIELD_UNKNOWN', 'owner.password'],
    [{ constructor: 1 }, 'QUERY_FIELD_UNKNOWN', 'constructor'],
    [JSON.parse('{"__proto__": {"$where": "1"}}'), 'QUERY_FIELD_UNKNOWN', '__proto__'],
    [{ toString: 1 }, 'QUERY_FIELD_UNKNOWN', 'toString'],
    [nested(50), 'QUERY_TOO_COMPLEX', '16'],
    [nested(10_000), 'QUERY_TOO_COMPLEX', '16'],
    [{ $or: Array.from({ length: 400 }, () => ({ count: 1 })) }, 'QUERY_TOO_COMPLEX', '300'],
    [{ count: { $in: Array.from({ length: 1001 }, () => 1) } }, 'QUERY_TOO_COMPLEX', '1000'],
    [{ email: { $regex: '(a+)+$', $options: 'gim' } }, 'QUERY_VALUE', '$options'],
    [{ email: { $regex: '(?=a)' } }, 'QUERY_PATTERN', 'look-around'],
    [{ email: { $regex: '(a)\\1' } }, 'QUERY_PATTERN', 'back-reference'],
    [{ email: { $regex: 'a'.repeat(300) } }, 'QUERY_PATTERN', '200'],
    [{ email: { $contains: 'a'.repeat(2000) } }, 'QUERY_VALUE', '1000'],
    [{ $or: [] }, 'QUERY_SHAPE', '$or'],
    [{ $or: { 0: {} } }, 'QUERY_SHAPE', '$or'],
    [[], 'QUERY_SHAPE', 'object'],
    [7, 'QUERY_SHAPE', 'object'],
    [new Map(), 'QUERY_SHAPE', 'object'],
    ['nothing = 1', 'QUERY_FIELD_UNKNOWN', 'nothing'],
    ['count == 1', 'QUERY_SYNTAX', 'character 8'],
    ['count = ', 'QUERY_SYNTAX', 'a value'],
    ['count = status', 'QUERY_SYNTAX', 'quotes'],
    ['(count = 1', 'QUERY_SYNTAX', '")"'],
    ['count = 1)', 'QUERY_SYNTAX', 'end'],
    ['count = 1 count = 2', 'QUERY_SYNTAX', '&&'],
    ['count = "unclosed', 'QUERY_SYNTAX', 'character 9'],
    ['count like 1', 'QUERY_OPERATOR_UNKNOWN', 'like'],
    ['count = {:missing}', 'QUERY_SYNTAX', 'missing'],
    ['at > @never', 'QUERY_SYNTAX', '@never'],
    ['count = {:toString}', 'QUERY_SYNTAX', 'toString'],
    ['('.repeat(1000), 'QUERY_TOO_COMPLEX', '16'],
    ['!'.repeat(5000), 'QUERY_TOO_COMPLEX', '16'],
    [`count = 1${' && count = 1'.repeat(500)}`, 'QUERY_TOO_COMPLEX', '300'],
    ['x'.repeat(20_000), 'QUERY_TOO_COMPLEX', '10000'],
    ['count = 1; drop', 'QUERY_SYNTAX', 'character 10'],
  ])('%j is refused with %s', async (filter, code, named) => {
    const failure = await compiled(filter).catch((error: Error & { code: string }) => error)
    expect(failure).toMatchObject({ code, status: 400 })
    expect((failure as unknown as Error).message).toContain(named)
  })
})
