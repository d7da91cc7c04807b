import type { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * The connection that a catalogue works on. It is moved aside to a reading one while a transaction holds the
 * writer: whoever rests on the catalogue's objects goes on there and sees nothing of that transaction.
 */
export interface Link {
  current: DatabaseSync
}

/** Prepared statements on one table, made once for each connection. */
export class Statements {
  readonly #link: Link
  readonly #mark: string
  readonly #table: string
  readonly #others = new Map<DatabaseSync, Map<string, StatementSync>>()
  #on: DatabaseSync
  #made = new Map<string, StatementSync>()

  /** `mark` in a text stands for the table's name. */
  constructor(link: Link, mark: string, table: string) {
    this.#link = link
    this.#on = link.current
    this.#mark = mark
    this.#table = table
  }

  get(text: string): StatementSync {
    if (this.#on !== this.#link.current) this.#move()
    let statement = this.#made.get(text)
    if (!statement) {
      statement = this.#on.prepare(text.replaceAll(this.#mark, this.#table))
      statement.setReturnArrays(true)
      this.#made.set(text, statement)
    }
    return statement
  }

  #move(): void {
    this.#others.set(this.#on, this.#made)
    this.#on = this.#link.current
    this.#made = this.#others.get(this.#on) ?? new Map()
  }
}
