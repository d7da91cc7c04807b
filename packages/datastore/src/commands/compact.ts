import type { DatabaseSync } from 'node:sqlite'
import { collectionOf, type Command } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { collectionName } from './options.ts'

/** Pages given back at once: about a millisecond of work. */
const PAGES = 200

/**
 * Gives the file's free pages back to the file system. They belong to no collection, so the whole file gets
 * shorter, whichever collection is named.
 */
export const compact: Command = async (context) => {
  const name = collectionName(context.body, 'compact')
  if (!collectionOf(context, name))
    throw mongoError('NamespaceNotFound', `collection does not exist: ${context.db}.${name}`)
  const { sqlite } = context.store
  context.beginWrite()
  const before = freeBytes(sqlite)
  for (let left = before; left > 0;) {
    context.beginWrite()
    sqlite.exec(`PRAGMA incremental_vacuum(${PAGES})`)
    const now = freeBytes(sqlite)
    if (now >= left) break
    left = now
    const resting = context.pause.rest()
    if (resting) await resting
  }
  return new Map([['bytesFreed', Math.max(0, before - freeBytes(sqlite))]])
}

function freeBytes(sqlite: DatabaseSync): number {
  const read = (pragma: string): number => Number(Object.values(sqlite.prepare(`PRAGMA ${pragma}`).get()!)[0])
  return read('freelist_count') * read('page_size')
}
