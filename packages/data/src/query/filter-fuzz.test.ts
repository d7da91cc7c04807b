import { randomInt } from 'node:crypto'
import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import type { Document } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCollections } from '../collections.ts'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'
import { compileModels, type ModelSet } from '../models/compiled-model.ts'
import { buildFilter } from './build-filter.ts'

/** A server that hangs or fails on a filter shows here; the values never do. */
const MAX_TIME_MS = 5000
const ROUNDS = 1500

/** All that may ever reach MongoDB. */
const ALLOWED = new Set(
  '$and $or $nor $not $eq $ne $gt $gte $lt $lte $in $nin $regex $options $elemMatch $exists $size'.split(' '),
)

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData
let models: ModelSet

beforeAll(async () => {
  store = await openTestDatabase('fuzz')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  project = engine.project(newId(), { kind: 'operator', id: newId(), name: 'Ann' })
  await project.models.create({ name: 'Owners', slug: 'owners', fields: [{ key: 'name', type: 'string' }] })
  await project.models.create({
    name: 'Items',
    slug: 'items',
    fields: [
      { key: 'status', type: 'select', options: ['open', 'closed'] },
      { key: 'price', type: 'float' },
      { key: 'count', type: 'number' },
      { key: 'on', type: 'bool' },
      { key: 'tags', type: 'multiselect', options: ['a', 'b'] },
      { key: 'meta', type: 'document' },
      { key: 'at', type: 'datetime' },
      { key: 'owner', type: 'ref', refModel: 'owners' },
      { key: 'many', type: 'ref', refModel: 'owners', multiple: true },
      { key: 'name', type: 'string' },
    ],
  })
  const owner = await project.records.create('owners', { name: 'Ann' })
  await project.records.insertMany('items', [
    {
      status: 'open',
      price: 1.5,
      count: 1,
      on: true,
      tags: ['a'],
      meta: { x: 1 },
      owner: owner.id,
      name: 'a',
    },
    { tags: ['a', 'b'], many: [owner.id], meta: { x: ['a'] }, at: '2026-01-31T00:00:00Z' },
    {},
  ])
  models = compileModels(await project.models.list())
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

/** An own property, `__proto__` too, as JSON.parse makes it: assigned, it would be the prototype of the filter. */
function put(out: object, key: string, value: unknown): void {
  Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true })
}

/** The same numbers for the same seed (mulberry32). */
function generator(seed: number) {
  let state = seed
  const random = (n: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
  return { random, pick: <T>(list: readonly T[]): T => list[random(list.length)]! }
}

const NAMES =
  'status price count on tags meta meta.x meta.x.y at owner owner.name many many.name id createdAt version name tags:length tags:each name:lower many.name:lower'.split(
    ' ',
  )
const WRONG_NAMES = [
  '$where',
  'x',
  '__proto__',
  'meta.$x',
  'owner.secret',
  'tags:size',
  'constructor',
  '',
  'a\0b',
  '.',
  'meta..x',
]
const OPERATORS =
  '$eq $ne $gt $gte $lt $lte $in $nin $exists $regex $contains $startsWith $endsWith $not'.split(' ')
const WRONG_OPERATORS = [
  '$where',
  '$expr',
  '$type',
  '$size',
  '$mod',
  '$elemMatch',
  '$function',
  'x',
  '$',
  '__proto__',
]
const VALUES: readonly unknown[] = [
  ...[1, 0, -1, 1.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY, 10n],
  ...[
    '1',
    'open',
    'a',
    '',
    '@now',
    'a'.repeat(24),
    '2026-01-31',
    '(a+)+$',
    '[',
    '\0',
    '\ud800',
    '$where',
    'é',
  ],
  ...[null, undefined, true, false, Symbol.iterator, () => 1, new Date(0), new Date(Number.NaN), /a/],
  ...[[], [1, 'a'], ['a', null], [[{ $ne: 1 }]], { $gt: 1 }, { a: 1 }, {}, { $where: 1 }, new Map()],
]

function jsonFilters({ random, pick }: ReturnType<typeof generator>) {
  const filter = (depth: number): unknown => {
    if (depth > 5 || random(12) === 0) return pick(VALUES)
    const out: Record<string, unknown> = {}
    for (let i = random(4); i >= 0; i -= 1) {
      const name = random(15) === 0 ? pick(WRONG_NAMES) : pick(NAMES)
      const operator = random(15) === 0 ? pick(WRONG_OPERATORS) : pick(OPERATORS)
      const kind = random(5)
      if (kind === 0) out[pick(['$and', '$or', '$nor'])] = [filter(depth + 1), filter(depth + 1)]
      else if (kind === 1) out['$not'] = filter(depth + 1)
      else if (kind === 2) put(out, name, pick(VALUES))
      else put(out, name, { [operator]: random(8) ? pick(VALUES) : filter(depth + 1) })
    }
    return out
  }
  return () => filter(0)
}

/** Texts that are read, mostly, with a piece of noise now and then. */
function textFilters({ random, pick }: ReturnType<typeof generator>) {
  const NOISE = [
    '$where',
    '\0',
    '(',
    ')',
    '"',
    "'",
    '\\',
    '==',
    '{:p',
    '@x',
    ';',
    '/*',
    '!',
    '?',
    '\u2028',
    '𝄞',
  ]
  const VALUE = [
    '1',
    '-2.5',
    '"a"',
    "'open'",
    'null',
    'true',
    '@now',
    '@month',
    '{:p}',
    '"\\u0041"',
    '"\\"',
    '""',
  ]
  const SYMBOLS = '= != > >= < <= ~ !~ ?= ?!= ?> ?>= ?< ?<= ?~ ?!~'.split(' ')
  const condition = (): string => {
    if (random(20) === 0) return pick(NOISE)
    const name = random(20) === 0 ? pick(WRONG_NAMES) : pick(NAMES)
    if (random(6) === 0) return `${name} ${pick(['isNull', 'isNotNull'])}`
    if (random(6) === 0) return `${name} ${pick(['in', 'notIn'])} (${pick(VALUE)}, ${pick(VALUE)})`
    return `${name} ${pick(SYMBOLS)} ${pick(VALUE)}`
  }
  const group = (depth: number): string => {
    if (depth > 4 || random(3) === 0) return condition()
    const inner = `${group(depth + 1)} ${pick(['&&', '||', 'and', 'or'])} ${group(depth + 1)}`
    return pick([inner, `(${inner})`, `!(${inner})`, `not (${inner})`])
  }
  return () => group(0)
}

function unlisted(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(unlisted).find((name) => name !== undefined)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return undefined
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('$') && !ALLOWED.has(key)) return key
    const found = unlisted(inner)
    if (found !== undefined) return found
  }
  return undefined
}

/** What the server got, or `null` for a coded refusal. @throws whatever else happens, which no client may bring about */
async function passed(filter: unknown, params: Record<string, unknown>): Promise<Document | null> {
  const collections = createCollections(store.data)
  const model = models.bySlug.get('items')!
  let compiled: Document
  try {
    const options = { filter: filter as string, params, maxTimeMs: MAX_TIME_MS }
    compiled = await buildFilter(options, { model, models, nowMs: 0 }, collections)
  } catch (error) {
    if (String((error as { code?: string }).code).startsWith('QUERY_')) return null
    throw error
  }
  const records = collections.records(model.model.id)
  await records.find(compiled, { limit: 3, maxTimeMS: MAX_TIME_MS }).toArray()
  return compiled
}

// One seed that every run has, and one that none had before: it is in the name of the test that fails.
describe.each([42, randomInt(2 ** 31)])('random filters of the seed %i', (seed) => {
  it.each([
    ['JSON', jsonFilters],
    ['text', textFilters],
  ])(
    'in the form of %s end in a filter that the server takes, or in a coded refusal',
    async (_form, filters) => {
      const numbers = generator(seed)
      const next = filters(numbers)
      let taken = 0
      for (let i = 0; i < ROUNDS; i += 1) {
        const filter = next()
        const compiled = await passed(filter, { p: numbers.pick(VALUES) }).catch((error: unknown) => {
          throw new Error(`filter ${i} of the seed ${seed}: ${String(filter).slice(0, 500)}`, {
            cause: error,
          })
        })
        if (compiled === null) continue
        taken += 1
        const wrong = unlisted(compiled)
        if (wrong !== undefined)
          expect.fail(`${wrong} reached the server, by filter ${i} of the seed ${seed}`)
      }
      // A storm that is always refused would prove nothing.
      expect(taken).toBeGreaterThan(ROUNDS / 50)
    },
    120_000,
  )
})
