import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '@m3m/base'
import { datastoreErrors } from '../datastore.errors.ts'
import type { EmbeddedOptions, EmbeddedServer } from './open-embedded.ts'
import type { Announcement, ServerArguments } from './protocol.ts'

/** More ends than these within a minute are a fault that restarting does not cure. */
const MAX_RESTARTS = 5
const RESTART_WINDOW_MS = 60_000
const FIRST_DELAY_MS = 50

/** A server that has not announced itself by then is taken for dead: a check of a large file takes seconds. */
const START_TIMEOUT_MS = 120_000

/** Lines of the process's last words that are kept for the error. */
const TAIL_LINES = 20

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

/** V8 falls back to a linear engine where a client's regex backtracks without end (query/regex-safety.ts). */
const NODE_OPTIONS = [
  '--enable-experimental-regexp-engine',
  '--enable-experimental-regexp-engine-on-excessive-backtracks',
]

interface Started {
  child: ChildProcess
  uri: string
  runtimeUri: string
  tail: string[]
}

/**
 * Starts the server's process and keeps it up: when it ends unasked it is started again on the same sockets,
 * with growing delays; the driver's retries bridge the gap. After more than five ends within a minute it stays
 * down, `onFailure` is called, and every command fails.
 */
export async function supervise(options: EmbeddedOptions & { folder: string }): Promise<EmbeddedServer> {
  const { logger, onFailure } = options
  const ends: number[] = []
  let closing = false
  let current = await start(options)

  const watch = (): void => {
    current.child.once('exit', (code, signal) => {
      if (!closing) void restart(code, signal)
    })
  }

  const restart = async (code: number | null, signal: string | null): Promise<void> => {
    const now = Date.now()
    ends.push(now)
    while (ends[0]! < now - RESTART_WINDOW_MS) ends.shift()
    logger.error('the datastore process ended', {
      code,
      signal,
      restarts: ends.length,
      tail: current.tail.join('\n'),
    })
    if (ends.length > MAX_RESTARTS) return giveUp()
    await wait(FIRST_DELAY_MS * 2 ** (ends.length - 1))
    if (closing) return
    try {
      current = await start(options)
      logger.info('the datastore process serves again', { pid: current.child.pid })
      if (closing) await end(current)
      else watch()
    } catch (error) {
      current = { ...current, tail: [error instanceof Error ? error.message : String(error)] }
      await restart(null, null)
    }
  }

  const giveUp = (): void => {
    const tail = current.tail.join('\n')
    const error = datastoreErrors.DATASTORE_GAVE_UP({ path: options.folder, restarts: ends.length, tail })
    logger.error(error.message)
    onFailure?.(error)
  }

  watch()
  return {
    uri: current.uri,
    runtimeUri: current.runtimeUri,
    pid: () => current.child.pid ?? null,
    async close() {
      closing = true
      await end(current)
    },
  }
}

/** Closes the pipe that the process watches; it writes back its log and leaves. */
async function end({ child }: Started): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.ref()
  child.stdin!.end()
  await exited
}

async function start({
  folder,
  dataDatabase,
  logger,
}: EmbeddedOptions & { folder: string }): Promise<Started> {
  const args: ServerArguments = { folder, dataDatabase }
  const child = spawn(process.execPath, [...NODE_OPTIONS, MAIN, JSON.stringify(args)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment(),
  })
  const tail: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    tail.push(line)
    if (tail.length > TAIL_LINES) tail.shift()
    logger.warn('datastore', { line })
  })
  const announced = await announcement(child, { folder, tail })
  if (!announced.ready) throw AppError.fromShape(announced.error)
  allowExit(child)
  return { child, uri: announced.uri, runtimeUri: announced.runtimeUri, tail }
}

/**
 * Compiled code is kept beside the installed packages (trusted as they are): the process is up in 0.2 s instead
 * of 0.6. Where that cannot be written, Node goes on without.
 */
const COMPILE_CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/m3m-compile', import.meta.url))

/** Only what the process needs: where its sockets go, where compiled code is kept. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { NODE_COMPILE_CACHE: COMPILE_CACHE }
  for (const name of ['PATH', 'XDG_RUNTIME_DIR', 'NODE_COMPILE_CACHE', 'TMPDIR']) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}

function announcement(
  child: ChildProcess,
  { folder, tail }: { folder: string; tail: string[] },
): Promise<Announcement> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      child.kill('SIGKILL')
      reject(datastoreErrors.DATASTORE_START_FAILED({ path: folder, reason }))
    }
    const timer = setTimeout(() => fail('it said nothing for two minutes'), START_TIMEOUT_MS)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      // what it wrote last may still be on its way
      setImmediate(() => fail(`its process ended (${signal ?? `code ${code}`}): ${tail.join(' ')}`))
    })
    createInterface({ input: child.stdout! }).once('line', (line) => {
      clearTimeout(timer)
      resolve(JSON.parse(line) as Announcement)
    })
  })
}

/** A program that forgets to close its datastore may still end; the server then sees its pipe close. */
function allowExit(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr])
    (stream as unknown as { unref(): void }).unref()
}
