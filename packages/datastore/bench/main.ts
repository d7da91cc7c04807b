// Ratios of the embedded datastore, measured in one run on one machine: median of several rounds.
// `npm run bench -w packages/datastore`; M3M_BENCH_DOCS sets the size of the large collection (100,000).
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize, type Document } from 'bson'
import { bundleAgent } from '../../../scripts/build/agent-bundle.ts'
import { openDatastore } from '../src/index.ts'
import { connectRaw, opMsg } from './raw-client.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const LARGE = Number(process.env['M3M_BENCH_DOCS'] ?? 100_000)
const SLICE_MS = 500
const ROUNDS = 3

const doc = (n: number): Document => ({
  _id: n,
  name: `person ${n}`,
  email: `person${n}@example.com`,
  group: n % 100,
  score: Math.sin(n) * 1000,
  active: n % 3 === 0,
  at: new Date(1_700_000_000_000 + n * 1000),
  tags: ['a', `t${n % 10}`],
  text: 'x'.repeat(100),
})

const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]!

/** Operations a second with so many at once. */
async function rate(concurrency: number, run: (n: number) => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  let n = 0
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now()
    let done = 0
    const work = async () => {
      while (performance.now() - begin < SLICE_MS) {
        await run(n++)
        done++
      }
    }
    await Promise.all(Array.from({ length: concurrency }, work))
    rounds.push((done * 1000) / (performance.now() - begin))
  }
  return median(rounds)
}

function rateSync(run: (n: number) => void): number {
  const begin = performance.now()
  let n = 0
  while (performance.now() - begin < SLICE_MS) run(n++)
  return (n * 1000) / (performance.now() - begin)
}

async function time(run: () => unknown, rounds = ROUNDS): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now()
    await run()
    times.push(performance.now() - begin)
  }
  return median(times)
}

const folder = mkdtempSync(join(tmpdir(), 'm3m-bench-'))
const rows: [string, string, string][] = []
const report = (name: string, value: number, target: string, digits = 2): void => {
  rows.push([name, value.toFixed(digits), target])
}

function rssMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

async function emptyNodeMb(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  const mb = rssMb(child.pid!)
  child.kill('SIGKILL')
  return mb
}

/** What an idle server takes as people run it: the bundle, its compiled code kept by the first of two starts. */
async function bundledIdleMb(): Promise<number> {
  const outdir = join(folder, 'bundle')
  await bundleAgent(ROOT, outdir)
  let mb = 0
  for (const name of ['bundled-first', 'bundled-second']) {
    const args = JSON.stringify({ folder: join(folder, name), dataDatabase: 'm3m_data' })
    const child = spawn(process.execPath, [join(outdir, 'datastore.js'), args], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await new Promise((resolve) => setTimeout(resolve, SLICE_MS)) // its second thread is still on its way up
    mb = rssMb(child.pid!)
    child.stdin.end()
    await new Promise((resolve) => child.once('exit', resolve))
  }
  return mb
}

async function bench(): Promise<void> {
  const started = await time(async () => {
    const first = await openDatastore({ path: join(folder, 'start') })
    await first[Symbol.asyncDispose]()
  })
  await using datastore = await openDatastore({ path: join(folder, 'data') })
  const { data } = datastore
  const idle = rssMb(datastore.pid!)
  const things = data.collection<Document>('things')

  // the floor: the same work straight on node:sqlite
  const direct = new DatabaseSync(join(folder, 'direct.sqlite'))
  direct.exec(
    'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE t(rid INTEGER PRIMARY KEY, id INTEGER UNIQUE, doc BLOB)',
  )
  const insert = direct.prepare('INSERT INTO t(id, doc) VALUES(?, ?)')
  const bulk = Array.from({ length: 10_000 }, (_, n) => doc(n))
  let base = 0
  const directBulk = await time(() => {
    direct.exec('BEGIN')
    for (const item of bulk) insert.run(base + item['_id'], serialize(item))
    direct.exec('COMMIT')
    base += 10_000
  })

  const fresh = async (name: string, indexes: Document[] = []) => {
    const collection = data.collection<Document>(name)
    await collection.drop()
    await data.createCollection(name)
    if (indexes.length > 0) await collection.createIndexes(indexes.map((key) => ({ key })) as never)
    return time(async () => collection.insertMany(bulk), 1)
  }
  const plain = median([await fresh('bulk'), await fresh('bulk'), await fresh('bulk')])
  const keys = [{ email: 1 }, { group: 1, score: -1 }, { tags: 1 }]
  const indexed = median([await fresh('bulk', keys), await fresh('bulk', keys), await fresh('bulk', keys)])
  report('insertMany 10k over one-transaction direct insert (time)', plain / directBulk, '<= 3')
  report('3 indexes over none, insertMany (time)', indexed / plain, '<= 2.5')

  for (let n = 0; n < LARGE; n += 10_000)
    await things.insertMany(Array.from({ length: Math.min(10_000, LARGE - n) }, (_, i) => doc(n + i)))
  direct.exec('DELETE FROM t')
  direct.exec('BEGIN')
  for (let n = 0; n < LARGE; n++) insert.run(n, serialize(doc(n)))
  direct.exec('COMMIT')
  await things.createIndex({ email: 1 })

  const ping = await rate(16, () => data.command({ ping: 1 }))
  const find16 = await rate(16, (n) => things.findOne({ _id: ((n * 7919) % LARGE) as never }))
  const writes = data.collection<Document>('writes')
  const insert16 = await rate(16, (n) =>
    writes.insertOne({ ...doc(n), _id: `w${n}` as never }, { writeConcern: { w: 1 } }),
  )
  const durable16 = await rate(16, (n) => writes.insertOne({ ...doc(n), _id: `j${n}` as never }))
  const durable1 = await rate(1, (n) => writes.insertOne({ ...doc(n), _id: `k${n}` as never }))
  report('driver findOne by _id, c=16, over driver ping, c=16', find16 / ping, '>= 0.55')
  report('driver insertOne w:1, c=16, over driver ping', insert16 / ping, '>= 0.60')
  report('j:true c=16 over w:1 c=16 (driver)', durable16 / insert16, '>= 0.7')
  report('j:true c=16 over j:true c=1 (group sync)', durable16 / durable1, '>= 2.5')

  const socket = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(datastore.uri)![1]!)
  const clients = await Promise.all(Array.from({ length: 16 }, () => connectRaw(socket)))
  const rawInsert = await rate(16, (n) =>
    clients[n % 16]!.send(
      opMsg({
        insert: 'raw',
        $db: datastore.dataDatabase,
        documents: [{ ...doc(n), _id: `r${n}` }],
        writeConcern: { w: 1 },
      }),
    ),
  )
  const rawFind = await rate(16, (n) =>
    clients[n % 16]!.send(
      opMsg({
        find: 'things',
        $db: datastore.dataDatabase,
        filter: { _id: (n * 7919) % LARGE },
        limit: 1,
        singleBatch: true,
      }),
    ),
  )
  for (const client of clients) client.close()
  const directInsert = rateSync((n) => insert.run(LARGE + n, serialize(doc(n))))
  const get = direct.prepare('SELECT doc FROM t WHERE id=?')
  const directFind = rateSync((n) => deserialize((get.get((n * 7919) % LARGE) as { doc: Uint8Array }).doc))
  report('raw insertOne c=16 over direct autocommit insert (NORMAL)', rawInsert / directInsert, '>= 1.0')
  report('raw findOne _id c=16 over direct get + deserialize', rawFind / directFind, '>= 0.25')

  const all = direct.prepare(`SELECT doc FROM t WHERE id<${LARGE}`)
  const directAll = await time(() => all.all())
  const directDecode = await time(() => all.all().map((row) => deserialize(row['doc'] as Uint8Array)))
  const equality = await time(() => things.find({ text: 'nothing' }).toArray())
  const grouped = await time(() =>
    things
      .aggregate([{ $group: { _id: '$group', sum: { $sum: '$score' }, avg: { $avg: '$score' } } }])
      .toArray(),
  )
  const lookups: number[] = []
  for (let n = 0; n < 200; n++)
    lookups.push(await time(() => things.findOne({ email: `person${(n * 7919) % LARGE}@example.com` }), 1))
  const everything = await time(() => things.find({}, { batchSize: 10_000 }).toArray(), 1)
  report('equality scan 100k over direct .all() 100k (time)', equality / directAll, '<= 1.0')
  report('$group 100k over direct scan + deserialize (time)', grouped / directDecode, '<= 0.8')
  report('scan over indexed lookup, p50 (times faster)', equality / median(lookups), '>= 200', 0)
  report('find all 100k over direct scan + deserialize (time)', everything / directDecode, '<= 3')
  const empty = await emptyNodeMb()
  report('idle RSS over empty Node, from the bundle', (await bundledIdleMb()) / empty, '<= 1.7')
  report('  the same from the sources', idle / empty, '')
  report('RSS after streaming 100k documents, MB', rssMb(datastore.pid!), '< 400', 0)

  const latency = async (during: () => boolean): Promise<number> => {
    const times: number[] = []
    do {
      const begin = performance.now()
      await things.findOne({ _id: ((times.length * 7919) % LARGE) as never })
      times.push(performance.now() - begin)
    } while (during())
    times.sort((a, b) => a - b)
    return times[Math.floor(times.length * 0.99)]!
  }
  const idleEnd = performance.now() + 1000
  const idleP99 = await latency(() => performance.now() < idleEnd)
  let running = true
  const heavy = (async () => {
    for (let round = 0; round < 3; round++) {
      await things
        .aggregate([
          { $group: { _id: { $mod: ['$_id', 1000] }, s: { $sum: '$score' }, tags: { $addToSet: '$tags' } } },
          { $sort: { s: 1 } },
        ])
        .toArray()
    }
    running = false
  })()
  const busyP99 = await latency(() => running)
  await heavy
  report('findOne p99 while a 100k aggregation runs, over idle p99', busyP99 / idleP99, '<= 10', 1)
  rows.push(['  idle p99, busy p99, ms', `${idleP99.toFixed(2)}, ${busyP99.toFixed(2)}`, ''])
  rows.push(['  openDatastore, ms (second start on)', started.toFixed(0), ''])
  rows.push([
    '  driver ping, findOne, insertOne w:1, durable, c=16, 1/s',
    [ping, find16, insert16, durable16].map((value) => value.toFixed(0)).join(', '),
    '',
  ])
}

try {
  await bench()
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(
    `node ${process.version}, ${execFileSync('uname', ['-sm']).toString().trim()}, ${LARGE} documents, median of ${ROUNDS}`,
  )
  for (const [name, value, target] of rows)
    console.log(`${name.padEnd(width)}  ${value.padStart(10)}  ${target}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
