import { spawn, type ChildProcess } from 'node:child_process'
import { PassThrough, type Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { messageOf } from '@m3m/base'
import { recordProcess } from '../supervisor/process-file.ts'
import { toolErrors } from './tools.errors.ts'
import type { ZipStreamOrder } from './zip-process.ts'

const ENTRY = fileURLToPath(new URL('./zip-process.ts', import.meta.url))
const FLAGS = ['--no-warnings', '--max-old-space-size=256']
/** Downloads of archives at once; each is a process. */
const MAX_AT_ONCE = 4
/** A visitor who takes nothing for so long has gone. */
const STALL_MS = 5 * 60_000

/** Packs files into a zip that is written while it is read: nothing of it is kept. */
export interface ZipStreams extends AsyncDisposable {
  /**
   * The archive of these (absolute paths; folders whole, links left out). It fails, rather than ends, when it
   * could not be finished. @throws TOOL_BUSY, TOOL_CLOSED
   */
  open(entries: ZipStreamOrder['entries']): Readable
}

export function createZipStreams({ processFolder }: { processFolder?: string } = {}): ZipStreams {
  const running = new Map<ChildProcess, Promise<void>>()
  let closed = false
  return {
    open(entries) {
      if (closed) throw toolErrors.TOOL_CLOSED({ job: 'zip' })
      if (running.size >= MAX_AT_ONCE) throw toolErrors.TOOL_BUSY({ job: 'zip', waiting: running.size })
      const child = spawn(process.execPath, [...FLAGS, ENTRY], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {},
      })
      const unrecord =
        processFolder !== undefined && child.pid !== undefined
          ? recordProcess(processFolder, 'tool', child.pid)
          : () => {}
      const { promise, resolve } = Promise.withResolvers<void>()
      running.set(child, promise)
      child.once('close', () => {
        unrecord()
        running.delete(child)
        resolve()
      })
      return outputOf(child, { entries })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      for (const child of running.keys()) child.kill('SIGKILL')
      await Promise.all(running.values())
    },
  }
}

function outputOf(child: ChildProcess, order: ZipStreamOrder): Readable {
  const output = new PassThrough()
  let errors = ''
  const stall = setTimeout(() => child.kill('SIGKILL'), STALL_MS)
  child.stderr!.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-1_000)))
  child.stdout!.on('data', () => stall.refresh())
  child.stdout!.pipe(output, { end: false })
  const fail = (reason: string) => output.destroy(toolErrors.TOOL_CRASHED({ job: 'zip', at: '', reason }))
  child.once('error', (error) => fail(messageOf(error)))
  child.once('close', (code) => {
    clearTimeout(stall)
    if (code === 0) output.end()
    else fail(errors.trim().split('\n').at(-1) || 'it was ended')
  })
  output.once('close', () => child.kill('SIGKILL'))
  // EPIPE when it died while the list was written; its end tells.
  child.stdin!.on('error', () => {})
  child.stdin!.end(JSON.stringify(order))
  return output
}
