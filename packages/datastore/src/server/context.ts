import type { Doc } from '../bson/value.ts'
import type { Collection } from '../store/collection.ts'
import type { Store } from '../store/store.ts'
import type { Access } from './access.ts'
import type { Cursors } from './cursors.ts'
import type { ServerControl } from './control.ts'
import type { Pause } from './pause.ts'
import type { Reply, Request } from './wire.ts'

/** What a command works with. */
export interface Context {
  request: Request
  body: Doc
  /** Database of the command. */
  db: string
  store: Store
  /** What this connection may reach. Every namespace passes through it. */
  access: Access
  cursors: Cursors
  pause: Pause
  /** Makes sure that a transaction is open; writers call it before each stretch of writes. */
  beginWrite: () => void
  /** Where cursors that it opens belong. */
  owner: { session: string | null; transaction: bigint | null }
  /** Told of each namespace that is read; only within a transaction. */
  noteRead?: ((ns: string) => void) | undefined
  /** What is running and open on the whole server. */
  control: ServerControl
  /** Statements of this very command that an earlier attempt has done (retryable writes), and how to note more. */
  attempt: Attempt
}

/** The memory of a retryable write. */
export interface Attempt {
  /** Statements done, and the answer so far; null at a first attempt. */
  readonly before: { done: number; reply: Doc } | null
  /** Notes progress within the open transaction. */
  note(done: number, reply: Doc): void
}

/** A command: reads its body, gives the answer without `ok`. */
export type Command = (context: Context) => Promise<Reply> | Reply

/** The collection of a command in its own database; null when it does not exist. */
export function collectionOf(context: Context, name: string): Collection | null {
  context.access.check(context.db)
  context.noteRead?.(`${context.db}.${name}`)
  return context.store.get(context.db, name)
}
