import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { recordProcess } from '../supervisor/process-file.ts'
import { createFrameReader, encodeFrame } from './tool-frames.ts'
import { FRAMES_FD, WATCH_FD } from './tool-wire.ts'
import type { FromTool, ToTool } from './tool-wire.ts'

const ENTRY = fileURLToPath(new URL('./tool-process.ts', import.meta.url))
// The stack of V8 itself stays as it is: deep code shall be refused, not overflow the thread's real stack.
const FLAGS = ['--experimental-vm-modules', '--no-warnings']
const STDERR_KEPT_BYTES = 2_000

export interface ToolChildOptions {
  /** Where process files go; without it none are written (tests). */
  processFolder?: string | undefined
  rssCapBytes: number
  onMessage: (message: FromTool, bytes: Uint8Array) => void
  /** Once, when the process is gone or its pipe is broken; `reason` is for people. */
  onEnd: (reason: string) => void
}

/** One helper process, alive until it is killed. A class, for it has identity and an end. */
export class ToolChild {
  readonly #process: ChildProcess
  readonly #pipe: Duplex
  readonly #rssCapBytes: number
  #errors = ''
  #reason: string | undefined
  /** Settles when the process is gone. */
  readonly exited: Promise<void>

  constructor(options: ToolChildOptions) {
    this.#rssCapBytes = options.rssCapBytes
    this.#process = spawn(process.execPath, [...FLAGS, heapFlag(options.rssCapBytes), ENTRY], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: {},
    })
    this.#pipe = this.#process.stdio[FRAMES_FD] as Duplex
    const unrecord = this.#record(options.processFolder)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.exited = promise
    const gone = (reason: string): void => {
      unrecord()
      resolve()
      options.onEnd(this.#reason ?? (this.#errors.trim().split('\n').pop() || reason))
    }
    this.#process.once('error', (error) => gone(error.message))
    this.#process.once('exit', (code, signal) => gone(signal ? `signal ${signal}` : `exit code ${code}`))
    this.#listen(options.onMessage)
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  send(message: ToTool, bytes?: Uint8Array): void {
    this.#pipe.write(encodeFrame(message, bytes))
  }

  /** Ends it at once; `reason` is what `onEnd` will say. */
  kill(reason: string): void {
    this.#reason ??= reason
    this.#process.kill('SIGKILL')
  }

  /** True when it uses more memory than it may. Linux only; elsewhere the heap flag and the deadline remain. */
  isOverMemory(): boolean {
    if (process.platform !== 'linux' || this.pid === undefined) return false
    try {
      const residentPages = Number(readFileSync(`/proc/${this.pid}/statm`, 'latin1').split(' ')[1])
      return residentPages * 4096 > this.#rssCapBytes
    } catch {
      return false
    }
  }

  /** An idle helper does not keep the process alive; the watch pipe ends it when we are gone. */
  setIdle(idle: boolean): void {
    const handles = [this.#process, ...this.#process.stdio] as ({ ref?(): void; unref?(): void } | null)[]
    for (const handle of handles) {
      if (idle) handle?.unref?.()
      else handle?.ref?.()
    }
  }

  #record(folder: string | undefined): () => void {
    return folder && this.pid !== undefined ? recordProcess(folder, 'tool', this.pid) : () => {}
  }

  #listen(onMessage: ToolChildOptions['onMessage']): void {
    const read = createFrameReader(({ head, bytes }) => onMessage(head as FromTool, bytes))
    this.#pipe.on('data', (chunk: Buffer) => {
      try {
        read(chunk)
      } catch {
        this.kill('it sent what is no message')
      }
    })
    // EPIPE when it died while we wrote: the exit tells.
    this.#pipe.on('error', () => {})
    const watch = this.#process.stdio[WATCH_FD] as Duplex
    watch.on('error', () => {})
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString('utf8')).slice(-STDERR_KEPT_BYTES)
    })
  }
}

function heapFlag(rssCapBytes: number): string {
  return `--max-old-space-size=${Math.floor(rssCapBytes / 1048576)}`
}
