import { Worker } from 'node:worker_threads'

/** How long the main thread has to close the store in order before the process is killed. */
const GRACE_MS = 10_000

/**
 * Watches the parent from a thread of its own, by a blocking read on the inherited pipe `fd`: it ends when the
 * parent closes it or dies, also while the main thread is stuck. Then `onGone` runs, and the process is killed
 * if it is still there after {@link GRACE_MS}.
 */
export function watchParent(fd: number, onGone: () => void): void {
  const source = `
    const { readSync } = require('node:fs')
    const { parentPort, workerData } = require('node:worker_threads')
    const byte = Buffer.alloc(1)
    try { while (readSync(workerData.fd, byte) > 0); } catch {}
    parentPort.postMessage('gone')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), workerData.graceMs)`
  const worker = new Worker(source, {
    eval: true,
    workerData: { fd, graceMs: GRACE_MS },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  })
  worker.once('message', onGone)
  worker.once('error', onGone)
  worker.unref()
}
