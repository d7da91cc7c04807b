import { setFlagsFromString, getHeapStatistics } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** A job, as far as its memory goes. */
export interface Share {
  /** Bytes by which the thread grew while this job ran, less what it shrank by. */
  held: number
}

/** Whom the memory of the reading thread belongs to. Jobs run one at a time, so that growth can be told apart. */
export interface MemoryShares<T extends Share> {
  /** A slice of this job begins: what the thread grows by is its. */
  enter(job: T): void
  /** The slice ends. Without one: nothing. */
  leave(): void
  /** True when more than the limit is in use by things that are still needed. */
  isOver(): boolean
}

interface Options<T> {
  limitBytes: number
  /** Told of each change of the job at work; null: nobody. */
  onRunning: (job: T | null) => void
}

export function createMemoryShares<T extends Share>({ limitBytes, onRunning }: Options<T>): MemoryShares<T> {
  let running: T | null = null
  let before = 0
  const enter = (job: T): void => {
    running = job
    before = usedBytes()
    onRunning(job)
  }
  const leave = (): void => {
    if (!running) return
    running.held += usedBytes() - before
    running = null
    onRunning(null)
  }
  return {
    enter,
    leave,
    isOver() {
      if (usedBytes() <= limitBytes) return false
      const job = running
      leave()
      // what is thrown away here is anybody's: it counts for nobody
      collectGarbage()
      if (job) enter(job)
      return usedBytes() > limitBytes
    },
  }
}

function usedBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}

let gc: (() => void) | null = null

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  gc ??= runInNewContext('gc') as () => void
  gc()
}
