/** CPU time of this process within which the thread of a disposed isolate leaves. */
const GRACE_MS = 1000
/** By then it is stuck whatever it used: a fifteenth of a core is less than the busiest machine leaves it. */
const PATIENCE_MS = 15_000

/**
 * An isolate that is disposed of while an entry is inside. V8 ends its code at the next check of its stack, which native loops
 * (ICU, regular expressions of old) do not make. What counts is CPU time, of the process, since the thread's own can no
 * longer be asked: on a busy machine a thread that waits a second for a core is not stuck, and the end of its process
 * is the end of every service in it.
 */
export class Lingering {
  readonly #sinceMs = performance.now()
  readonly #cpu = process.cpuUsage()

  get isStuck(): boolean {
    const { user, system } = process.cpuUsage(this.#cpu)
    return (user + system) / 1000 > GRACE_MS || performance.now() - this.#sinceMs > PATIENCE_MS
  }
}
