// What was being executed when a runner ended: a byte for each run in a file that agent and runner both hold.
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@m3m/base'
import { MAX_SHARED_RUNS } from './place.ts'

/** The agent's end of a black box. The runner inherits the file and writes by pwrite(2): its writes outlive its death. */
export class BlackBox {
  /** For the child's `stdio`. */
  readonly fd: number
  readonly #free: number[] = Array.from({ length: MAX_SHARED_RUNS }, (_, i) => MAX_SHARED_RUNS - 1 - i)
  #open = true

  /** @param folder where the file is made; its name is removed at once, so nothing is left behind by any death. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, `${newId()}.box`)
    this.fd = openSync(path, 'wx+', 0o600)
    rmSync(path)
    ftruncateSync(this.fd, MAX_SHARED_RUNS)
  }

  /** A place for a run; null when all are taken. */
  take(): number | null {
    return this.#free.pop() ?? null
  }

  /** The run has left; its place is given to another one. */
  free(slot: number): void {
    this.#free.push(slot)
  }

  /** Places of the runs that were being executed as of now, or when the runner ended. */
  flagged(): Set<number> {
    const bytes = Buffer.alloc(MAX_SHARED_RUNS)
    if (this.#open) readSync(this.fd, bytes, 0, bytes.length, 0)
    return new Set([...bytes.keys()].filter((slot) => bytes[slot] !== 0))
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    closeSync(this.fd)
  }
}
