/** The pattern is not one, or asks for what cannot be matched in linear time. The message says where and what. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** Where the parser stands. */
export interface Cursor {
  readonly chars: readonly string[]
  at: number
  depth: number
}

/** Throws with the position, 1-based. */
export function fail(cursor: Cursor, what: string): never {
  throw new PatternError(`${what} at character ${cursor.at + 1}`)
}
