import type { StreamOwner } from './stream-owner.ts'

interface Slot {
  owner: StreamOwner | null
  run: number
  generation: number
  /** Chunks received and not yet credited. */
  owedBytes: number
  answered: boolean
}

/** Streams of one runner at once. */
export const MAX_STREAMS = 65_535
const INDEX_BITS = 16

/**
 * Open streams of one runner: slots with a free list; an id carries the slot's generation, so that a late frame for an
 * earlier stream is known as such.
 */
export class StreamTable {
  readonly #slots: Slot[] = []
  readonly #free: number[] = []
  #open = 0

  get open(): number {
    return this.#open
  }

  /** A new stream's id (never 0), or null when there are too many. */
  add(run: number, owner: StreamOwner): number | null {
    const index = this.#free.pop() ?? this.#grow()
    if (index === null) return null
    const slot = this.#slots[index]!
    slot.owner = owner
    slot.run = run
    slot.owedBytes = 0
    slot.answered = false
    this.#open++
    return ((slot.generation << INDEX_BITS) | (index + 1)) >>> 0
  }

  /** The stream's slot; null when it is over; `foreign` when it is of another run. */
  get(id: number, run: number): Slot | null | 'foreign' {
    const slot = this.#slots[(id & MAX_STREAMS) - 1]
    if (!slot || !slot.owner || id >>> INDEX_BITS !== slot.generation) return null
    return slot.run === run ? slot : 'foreign'
  }

  remove(id: number): void {
    const index = (id & MAX_STREAMS) - 1
    const slot = this.#slots[index]
    if (!slot?.owner || id >>> INDEX_BITS !== slot.generation) return
    slot.owner = null
    slot.generation = (slot.generation + 1) & MAX_STREAMS
    this.#free.push(index)
    this.#open--
  }

  /** Every open stream (of one run). */
  *entries(run?: number): Generator<[id: number, owner: StreamOwner]> {
    for (const [index, slot] of this.#slots.entries())
      if (slot.owner && (run === undefined || slot.run === run))
        yield [((slot.generation << INDEX_BITS) | (index + 1)) >>> 0, slot.owner]
  }

  count(run: number): number {
    let count = 0
    for (const slot of this.#slots) if (slot.owner && slot.run === run) count++
    return count
  }

  #grow(): number | null {
    if (this.#slots.length >= MAX_STREAMS) return null
    this.#slots.push({ owner: null, run: 0, generation: 0, owedBytes: 0, answered: false })
    return this.#slots.length - 1
  }
}
