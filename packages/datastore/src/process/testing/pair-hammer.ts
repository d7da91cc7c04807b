// Writes pairs in transactions without end and tells its parent of every acknowledged one.
import { MongoClient } from 'mongodb'

const [uri, worker] = process.argv.slice(2) as [string, string]
const client = new MongoClient(uri, { serverSelectionTimeoutMS: 120_000 })
const pairs = client.db('m3m_data').collection<{ _id: string; pair: string }>('pairs')
const sums = client.db('m3m_data').collection<{ _id: string; n: number }>('sums')

for (let n = 0; ; n++) {
  const pair = `${worker}-${n}`
  await client.withSession((session) =>
    session.withTransaction(async () => {
      await pairs.insertOne({ _id: `${pair}-a`, pair }, { session })
      await sums.updateOne({ _id: 'all' }, { $inc: { n: 1 } }, { upsert: true, session })
      await pairs.insertOne({ _id: `${pair}-b`, pair }, { session })
    }),
  )
  process.stdout.write(`${pair}\n`)
}
