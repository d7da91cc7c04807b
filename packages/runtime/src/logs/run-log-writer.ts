import { Buffer } from 'node:buffer'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, silentLogger, systemClock } from '@m3m/base'
import type { Clock, Logger, LogLevel } from '@m3m/base'
import { createLineBucket } from '../sandbox/token-bucket.ts'
import type { LineBucketOptions } from '../sandbox/token-bucket.ts'
import { formatRecord } from './log-format.ts'
import { fullPath, livePath } from './log-parts.ts'

export interface RunLogOptions {
  /** `logging.path`. */
  folder: string
  projectId: string
  runId: string
  /** Longest message in bytes of UTF-8; what is longer is cut and says so. Default 16 KiB. */
  lineBytes?: number
  /** All parts of the log together. Default 50 MiB; the oldest part goes when it is passed. */
  totalBytes?: number
  bucket?: LineBucketOptions
  clock?: Clock
  /** Hears of a log that cannot be written; the service never does. */
  logger?: Logger
}

/** Where a runner writes the lines of one run. Nothing here throws or waits: a log never stops a service. */
export interface RunLogWriter extends AsyncDisposable {
  /** Writes one record. More than the bucket allows is dropped and counted in one line a second. */
  write(level: LogLevel, text: string): void
  /** Resolves when everything written so far is in the file, or was given up because the disk is full. */
  flush(): Promise<void>
}

/** Parts of a full log; a fifth of the lines goes at a time. */
const PARTS = 5
/** Lines of so long a time are written together; what a viewer sees is at most this old. */
const BATCH_MS = 20
/** What may wait for a slow disk; then lines are dropped and counted. */
const MAX_PENDING_BYTES = 4 * 1024 * 1024
/** After a failed write the next try waits so long. */
const RETRY_MS = 1_000

/** Opens the log of a run for writing; an existing one is continued. */
export function createRunLog(options: RunLogOptions): RunLogWriter {
  const { clock = systemClock, logger = silentLogger, lineBytes = 16 * 1024 } = options
  const bucket = createLineBucket(options.bucket)
  const file = new PartFile(options, logger)
  let reporting: (() => void) | undefined

  const report = (force = false): void => {
    const dropped = bucket.report(clock.now(), force)
    if (dropped === 0) return
    const text = `${dropped} lines were dropped: more than the log takes (1,000 a second).`
    file.add(formatRecord(clock.now(), 'warn', text, lineBytes))
  }
  return {
    write(level, text) {
      const nowMs = clock.now()
      if (bucket.take(nowMs)) {
        report()
        file.add(formatRecord(nowMs, level, text, lineBytes))
        return
      }
      reporting ??= clock.after(1_000, () => {
        reporting = undefined
        report()
      })
    },
    flush: () => file.flush(),
    async [Symbol.asyncDispose]() {
      reporting?.()
      report(true)
      await file[Symbol.asyncDispose]()
    },
  }
}

/** The growing file: batches, rotates, survives a full disk. A class, for it has an open handle and an end. */
class PartFile implements AsyncDisposable {
  readonly #projectPath: string
  readonly #runId: string
  readonly #partBytes: number
  readonly #logger: Logger
  #handle: FileHandle | undefined
  #start = 0
  #size = 0
  #pending: string[] = []
  #pendingBytes = 0
  #lost = 0
  #failing = false
  #work: Promise<void> | undefined
  #closed = false
  #wake: (() => void) | undefined

  constructor(options: RunLogOptions, logger: Logger) {
    this.#projectPath = join(options.folder, options.projectId)
    this.#runId = options.runId
    this.#partBytes = Math.max(1, Math.floor((options.totalBytes ?? 50 * 1024 * 1024) / PARTS))
    this.#logger = logger
  }

  add(record: string): void {
    if (this.#closed) return
    // UTF-16 units stand for bytes here: a bound on memory, not on the file.
    if (this.#pendingBytes + record.length > MAX_PENDING_BYTES) {
      this.#lost += 1
      return
    }
    this.#pending.push(record)
    this.#pendingBytes += record.length
    this.#work ??= this.#drain()
  }

  async flush(): Promise<void> {
    this.#wake?.()
    await this.#work
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.flush()
    await this.#handle?.close().catch(() => {})
    this.#handle = undefined
  }

  async #drain(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#pause(this.#failing ? RETRY_MS : BATCH_MS)
      const batch = this.#pending
      this.#pending = []
      this.#pendingBytes = 0
      try {
        await this.#append(batch)
        this.#failing = false
      } catch (error) {
        this.#failed(batch.length, error)
      }
    }
    this.#work = undefined
  }

  #pause(ms: number): Promise<void> {
    if (this.#closed) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    this.#wake = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }

  async #append(batch: string[]): Promise<void> {
    if (this.#lost > 0) batch.unshift(lostRecord(this.#lost))
    let piece: Buffer[] = []
    let pieceBytes = 0
    for (const record of batch) {
      const bytes = Buffer.from(record)
      const held = this.#handle ? this.#size : (await this.#reopen()).#size
      if (held + pieceBytes + bytes.length > this.#partBytes && held + pieceBytes > 0) {
        await this.#put(Buffer.concat(piece))
        await this.#rotate()
        piece = []
        pieceBytes = 0
      }
      piece.push(bytes)
      pieceBytes += bytes.length
    }
    await this.#put(Buffer.concat(piece))
    this.#lost = 0
  }

  async #put(bytes: Buffer): Promise<void> {
    const handle = (await this.#reopen()).#handle!
    try {
      await handle.writeFile(bytes)
      this.#size += bytes.length
    } catch (error) {
      // Half a batch would leave half a line: take it back (needs no space).
      await handle.truncate(this.#size).catch(() => {})
      throw error
    }
  }

  async #reopen(): Promise<this> {
    this.#handle ??= await this.#open()
    return this
  }

  async #open(): Promise<FileHandle> {
    mkdirSync(this.#projectPath, { recursive: true, mode: 0o700 })
    const path = livePath(this.#projectPath, this.#runId)
    const handle = await open(path, 'a+', 0o600)
    this.#size = (await handle.stat()).size
    await this.#endLine(handle)
    const last = this.#fullParts().at(-1)
    this.#start = last ? last.start + statSync(last.path).size : 0
    return handle
  }

  /** A writer that was killed may have left half a line. */
  async #endLine(handle: FileHandle): Promise<void> {
    if (this.#size === 0) return
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, this.#size - 1)
    if (buffer[0] === 0x0a) return
    await handle.writeFile('\n')
    this.#size += 1
  }

  async #rotate(): Promise<void> {
    await this.#handle?.close()
    this.#handle = undefined
    const full = fullPath(this.#projectPath, this.#runId, this.#start)
    renameSync(livePath(this.#projectPath, this.#runId), full)
    const parts = this.#fullParts()
    for (const part of parts.slice(0, Math.max(0, parts.length - (PARTS - 1))))
      rmSync(part.path, { force: true })
  }

  #fullParts(): { path: string; start: number }[] {
    const pattern = new RegExp(`^${this.#runId}\\.(\\d{14})\\.log$`)
    return readdirSync(this.#projectPath)
      .sort()
      .flatMap((name) => {
        const start = pattern.exec(name)?.[1]
        return start === undefined ? [] : [{ path: join(this.#projectPath, name), start: Number(start) }]
      })
  }

  #failed(lines: number, error: unknown): void {
    if (!this.#failing) {
      this.#logger.error('the log of a run cannot be written', { run: this.#runId, reason: messageOf(error) })
    }
    this.#failing = true
    this.#lost += lines
    void this.#handle?.close().catch(() => {})
    this.#handle = undefined
  }
}

function lostRecord(lines: number): string {
  return formatRecord(
    Date.now(),
    'warn',
    `${lines} lines are missing here: the disk was full or too slow.`,
    1_000,
  )
}
