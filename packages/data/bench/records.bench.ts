/**
 * The records engine beside the bare driver, on one collection of 100,000 records in the same run. Run by hand:
 * `node packages/data/bench/records.bench.ts [records]`. Ratios count; absolute times belong to the machine.
 */
import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { createDataEngine } from '@m3m/data'

const COUNT = Number(process.argv[2] ?? 100_000)
const ROUNDS = 15

await using store = await openTestDatabase('bench')
await using engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
await engine.ensureIndexes()
const project = engine.project(newId(), { kind: 'service', source: 'debug:bench' })
const model = await project.models.create({
  name: 'Items',
  slug: 'items',
  fields: [
    { key: 'title', type: 'string', required: true },
    { key: 'price', type: 'float', index: true },
    { key: 'stock', type: 'number', default: 0 },
    { key: 'open', type: 'bool', default: true },
    { key: 'kind', type: 'select', options: ['a', 'b', 'c'], index: true },
    { key: 'at', type: 'datetime' },
    { key: 'note', type: 'text' },
  ],
})
const raw = store.data.collection(`records_${model.id}`)

const insertMs = await timed(async () => {
  for (let from = 0; from < COUNT; from += 1000) {
    await project.records.insertMany(
      'items',
      Array.from({ length: Math.min(1000, COUNT - from) }, (_, n) => item(from + n)),
    )
  }
})
console.log(`insertMany of ${COUNT}: ${insertMs.toFixed(0)} ms (${(COUNT / insertMs).toFixed(1)} records/ms)`)

const pairs: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
  [
    'first page with total',
    () => project.records.list('items', { pageSize: 50 }),
    () => Promise.all([raw.find().sort({ _id: 1 }).limit(51).toArray(), raw.countDocuments({})]),
  ],
  [
    'page by indexed sort, no total',
    () => project.records.list('items', { sort: '-price', pageSize: 50, skipTotal: true }),
    () => raw.find().sort({ price: -1, _id: -1 }).limit(51).toArray(),
  ],
  [
    'indexed filter, 100 records',
    () => project.records.find('items', { price: { $gte: 500, $lt: 501 } }),
    () =>
      raw
        .find({ price: { $gte: 500, $lt: 501 } })
        .sort({ _id: 1 })
        .limit(100)
        .toArray(),
  ],
  [
    '1,000 records',
    () => project.records.find('items', {}, { limit: 1000 }),
    () => raw.find().sort({ _id: 1 }).limit(1000).toArray(),
  ],
  [
    'scan for text',
    () => project.records.count('items', { note: { $contains: 'needle' } }),
    () => raw.countDocuments({ note: { $regex: 'needle', $options: 'i' } }),
  ],
]
for (const [name, engineWay, bareWay] of pairs) {
  const [own, bare] = [await median(engineWay), await median(bareWay)]
  console.log(
    `${name}: engine ${own.toFixed(1)} ms, driver ${bare.toFixed(1)} ms, ${(own / bare).toFixed(2)}×`,
  )
}
const write = await median(() => project.records.create('items', item(1)))
const bareWrite = await median(() => raw.insertOne({ ...item(1), version: 1 }))
console.log(
  `create: engine ${write.toFixed(2)} ms, bare insertOne ${bareWrite.toFixed(2)} ms, ${(write / bareWrite).toFixed(2)}×`,
)

function item(n: number) {
  return {
    title: `Item ${n}`,
    price: (n * 7919) % 1000,
    stock: n % 50,
    kind: 'abc'[n % 3]!,
    at: new Date(1_700_000_000_000 + n * 1000),
    note: n % 1000 === 0 ? 'a needle in it' : 'some words about it',
  }
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

async function median(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) times.push(await timed(action))
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!
}
