import { toNumber } from '../bson/number.ts'
import { isNumber, type Doc, type Value } from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'

/** Documents of a collection and their bytes. */
interface Held {
  count: number
  bytes: number
}

/** The limits of a capped collection, and how much it holds: counted once, then kept up by those who write. */
export class Cap {
  /** Bytes of documents, at least 1. */
  readonly size: number
  /** Documents; 0: as many as fit into {@link Cap.size}. */
  readonly max: number
  #held: Held | null = null

  constructor(size: number, max: number) {
    this.size = size
    this.max = max
  }

  /** What a collection's options say; null for one that is not capped. */
  static of(options: Doc): Cap | null {
    if (options.get('capped') !== true) return null
    return new Cap(numberOf(options.get('size')), numberOf(options.get('max')))
  }

  /** @throws BadValue (2) for a document that could never stay */
  admit(bytes: number): void {
    if (bytes > this.size) throw mongoError('BadValue', 'object to insert exceeds cappedMaxSize')
  }

  /** Documents came, went or changed their size. */
  changed(count: number, bytes: number): void {
    if (!this.#held) return
    this.#held.count += count
    this.#held.bytes += bytes
  }

  /** What was counted may not be so: a transaction was rolled back. */
  forget(): void {
    this.#held = null
  }

  /** Whether the oldest document has to go. */
  isOver(measure: () => Held): boolean {
    const { count, bytes } = (this.#held ??= measure())
    return bytes > this.size || (this.max > 0 && count > this.max)
  }
}

function numberOf(value: Value | undefined): number {
  return isNumber(value) ? toNumber(value) : 0
}
