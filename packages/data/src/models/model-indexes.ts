import type { Collections } from '../collections.ts'
import type { Model } from './models.schema.ts'

interface WantedIndex {
  name: string
  keys: Record<string, 1 | -1>
  unique: boolean
}

const STORED: Readonly<Record<string, string>> = { id: '_id' }

/** The indexes a model's definition asks for. Names begin with `m3m_`, so that an operator's own are left alone. */
export function wantedIndexes(model: Model): WantedIndex[] {
  const wanted: WantedIndex[] = []
  const add = (asked: Record<string, 1 | -1>, unique: boolean) => {
    // Lists are sorted by their keys and then by the id: with it the index gives that order without sorting.
    const last = Object.values(asked).at(-1) ?? 1
    const keys: Record<string, 1 | -1> = unique || '_id' in asked ? asked : { ...asked, _id: last }
    const parts = Object.entries(keys).map(([key, direction]) => (direction === 1 ? key : `-${key}`))
    wanted.push({ name: `m3m_${unique ? 'u' : 'i'}_${parts.join(',')}`, keys, unique })
  }
  // The newest first is how lists are looked at: without it 100,000 records are sorted for one page.
  add({ createdAt: 1 }, false)
  // Refs are looked up backwards whenever their target is removed or expanded.
  for (const field of model.fields) {
    if (field.unique || field.index || field.type === 'ref') add({ [field.key]: 1 }, field.unique === true)
  }
  for (const index of model.indexes) {
    const keys = index.keys.map((key) => [
      STORED[key.replace(/^-/, '')] ?? key.replace(/^-/, ''),
      key.startsWith('-') ? -1 : 1,
    ])
    add(Object.fromEntries(keys) as Record<string, 1 | -1>, index.unique === true)
  }
  return [...new Map(wanted.map((index) => [index.name, index])).values()]
}

/**
 * Makes the indexes that are missing, then drops those no longer asked for. Unique ones are sparse: records
 * without the value do not meet each other.
 * @throws the server's duplicate-key error when records violate a unique one.
 */
export async function syncIndexes(collections: Collections, model: Model): Promise<void> {
  const collection = collections.records(model.id)
  const wanted = wantedIndexes(model)
  const existing = await existingNames(collection)
  for (const { name, keys, unique } of wanted) {
    if (!existing.includes(name))
      await collection.createIndex(keys, unique ? { name, unique, sparse: true } : { name })
  }
  const kept = new Set(wanted.map((index) => index.name))
  for (const name of existing) {
    if (name.startsWith('m3m_') && !kept.has(name)) await collection.dropIndex(name)
  }
}

async function existingNames(collection: ReturnType<Collections['records']>): Promise<string[]> {
  try {
    return (await collection.listIndexes().toArray()).map((index) => String(index.name))
  } catch (error) {
    // NamespaceNotFound: the collection has no record yet.
    if ((error as { code?: unknown }).code === 26) return []
    throw error
  }
}
