// The runner's end of the black box (supervisor/black-box.ts).
import { Buffer } from 'node:buffer'
import { writeSync } from 'node:fs'
import type { ExecutionMark } from '../bridge/turn-loop.ts'
import { FD } from './runner.wire.ts'

const ON = Buffer.of(1)
const OFF = Buffer.of(0)

/** The mark of a run, for code of a plugin as well: it runs beside the isolate, for that run, and can loop or crash too. */
export interface RunMark extends ExecutionMark {
  /**
   * Marked while `work` computes, and all that its promises set off before the process comes to something else: code after
   * an `await` of what is there already. What waits for the world outside is covered by whoever goes on with it, in the same way.
   */
  during<T>(work: () => T): T
}

/**
 * Marks one run as being executed, in a place that outlives this process. A pwrite(2) of one byte into the page cache:
 * 1.5 µs, measured. @param slot null in a runner of its own: nobody asks whose fault its end was.
 */
export function createExecutionMark(slot: number | null): RunMark {
  if (slot === null) return { on() {}, off() {}, during: (work) => work() }
  let isTurning = false
  let works = 0
  const end = () => {
    works--
    write()
  }
  const write = () => void writeSync(FD.box, isTurning || works > 0 ? ON : OFF, 0, 1, slot)
  const turning = (next: boolean) => {
    isTurning = next
    write()
  }
  return {
    on: () => turning(true),
    off: () => turning(false),
    during(work) {
      works++
      write()
      try {
        return work()
      } finally {
        // A tick asked for by a microtask runs when no microtask is left (Node, "process.nextTick"). Hooks of promises would say
        // it exactly, and make every promise of the process several times slower.
        queueMicrotask(() => process.nextTick(end))
      }
    },
  }
}
