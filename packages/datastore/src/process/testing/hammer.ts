// Writes without end and tells its parent of every acknowledged write: the witness of the kill -9 tests.
import { MongoClient } from 'mongodb'

const [uri, worker] = process.argv.slice(2) as [string, string]
const client = new MongoClient(uri, { serverSelectionTimeoutMS: 120_000 })
const writes = client.db('m3m_data').collection<{ _id: string; n: number }>('writes')
const counters = client.db('m3m_data').collection<{ _id: string; n: number }>('counters')

for (let n = 0; ; n++) {
  const _id = `${worker}-${n}`
  await writes.insertOne({ _id, n })
  process.stdout.write(`i ${_id}\n`)
  await counters.updateOne({ _id: worker }, { $inc: { n: 1 } }, { upsert: true })
  process.stdout.write(`c ${worker} ${n + 1}\n`)
}
