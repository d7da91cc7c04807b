import type { Collection } from './collection.ts'

/** What an update did to a document, as far as whoever records it needs to know. */
export interface Replacement {
  before: Buffer
  after: Buffer
  kind: 'update' | 'replace'
  /** Of an update by operators: the paths it names and the operators at them; absent: any change counts. */
  targets?: UpdateTargets | undefined
}

/** Operator by path, as the client wrote them (`a.$[].b`). */
export type UpdateTargets = ReadonlyMap<string, string>

/** Is told of every change, within the transaction that makes it. */
export interface Recorder {
  inserted(collection: Collection, raw: Buffer): void
  replaced(collection: Collection, change: Replacement): void
  removed(collection: Collection, raw: Buffer): void
  created(collection: Collection): void
  dropped(collection: Collection): void
  renamed(collection: Collection, to: { db: string; name: string }): void
  databaseDropped(db: string): void
}

/** Where nobody records. */
export const NO_RECORDER: Recorder = {
  inserted: () => {},
  replaced: () => {},
  removed: () => {},
  created: () => {},
  dropped: () => {},
  renamed: () => {},
  databaseDropped: () => {},
}
