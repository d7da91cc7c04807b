import type { ProjectData, ProjectRecords } from '@m3m/data'
import type { Collection, Db, Document } from 'mongodb'

/** A model of everyday fields with so many records, always the same ones. */
export async function items(
  project: ProjectData,
  db: Db,
  count: number,
): Promise<{ raw: Collection<Document>; records: ProjectRecords; insertMs: number }> {
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
  const start = performance.now()
  for (let from = 0; from < count; from += 1000) {
    const step = Array.from({ length: Math.min(1000, count - from) }, (_, n) => item(from + n))
    await project.records.insertMany('items', step)
  }
  const insertMs = performance.now() - start
  return { raw: db.collection(`records_${model.id}`), records: project.records, insertMs }
}

function item(n: number) {
  return {
    title: `Item ${(n * 7919) % 100_003}`,
    price: (n * 7919) % 1000,
    stock: n % 50,
    kind: 'abc'[n % 3]!,
    at: new Date(1_700_000_000_000 + n * 600_000),
    note: n % 1000 === 0 ? 'a needle in it' : 'some words about it',
  }
}
