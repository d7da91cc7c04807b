import { closeSync, fdatasync, openSync } from 'node:fs'

/** MongoDB's own journal interval for writes that do not ask to be journaled. */
const INTERVAL_MS = 100

/** Brings SQLite's log to the disk, off the thread: one sync for all who wait at its start. */
export interface Journal {
  /** Something was committed that no sync has covered. */
  markDirty(): void
  /** Resolves when all that is committed now is on the disk. Never rejects: see `onFailure`. */
  sync(): Promise<void>
  close(): void
}

/**
 * A failed sync may have thrown away what it should have written, and a second one would say nothing of it. So
 * nobody is answered: `onFailure` ends the process, and the next start recovers from what the log really holds.
 */
export function createJournal(logFile: string, onFailure: (error: Error) => void): Journal {
  let fd: number | null = null
  let dirty = false
  let syncing = false
  let waiting: (() => void)[] = []

  const run = (): void => {
    fd ??= openSync(logFile, 'r+')
    syncing = true
    dirty = false
    const served = waiting
    waiting = []
    fdatasync(fd, (error) => {
      if (error) return onFailure(error)
      syncing = false
      for (const done of served) done()
      if (waiting.length > 0) run()
    })
  }

  const sync = (): Promise<void> =>
    new Promise((done) => {
      waiting.push(done)
      if (!syncing) run()
    })

  const timer = setInterval(() => {
    if (dirty && !syncing) void sync()
  }, INTERVAL_MS)
  timer.unref()

  return {
    markDirty: () => {
      dirty = true
    },
    sync,
    close() {
      clearInterval(timer)
      if (fd !== null) closeSync(fd)
    },
  }
}
