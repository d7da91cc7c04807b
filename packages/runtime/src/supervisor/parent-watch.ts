import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

// In a thread of its own, because the main thread may be stuck in a loop or in a native call for ever; a
// blocking read, because it costs nothing until the parent is gone. The text is plain JavaScript, so that the
// thread needs no loader.
const WATCH = `
const { readSync } = require('node:fs')
const { workerData } = require('node:worker_threads')
const byte = Buffer.alloc(1)
for (;;) {
  let read = 0
  try { read = readSync(workerData.fd, byte, 0, 1, null) } catch (error) { if (error.code === 'EINTR') continue }
  if (read === 0) process.kill(process.pid, 'SIGKILL')
}
`

/**
 * Ends this process by SIGKILL as soon as its parent is gone, however it went: `fd` is a pipe the parent
 * opened for this alone and never writes to, so that its end reads as the parent's. Call it first in the
 * child's entry file.
 */
export function watchParent(fd: number): void {
  const thread = new Worker(WATCH, {
    eval: true,
    workerData: { fd },
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  })
  // Without the watch an orphan could live for ever: better no child than that one.
  thread.on('error', () => process.kill(process.pid, 'SIGKILL'))
  thread.unref()
}

/**
 * Asks the kernel to end this process before the agent when memory runs out (proc_pid_oom_score_adj(5);
 * raising needs no privilege). Elsewhere than on Linux there is no such switch.
 */
export function preferAsOomVictim(score = 500): void {
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/oom_score_adj', String(score))
  } catch {
    // A container may mount /proc read-only; the caps on memory still hold.
  }
}
