import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTimeOf } from '@m3m/runtime'
import { serveErrors } from './serve.errors.ts'

interface LockRecord {
  pid: number
  startedAt: string | null
}

/**
 * One agent for one data folder: a second one would take the first one's runners for leftovers and end them.
 * The lock of a process that is gone (kill -9, power cut) counts for nothing, also when its pid is in use again.
 *
 * @throws AGENT_RUNNING
 */
export function lockDataFolder(folder: string): Disposable {
  const file = join(folder, 'agent.lock')
  const draft = `${file}.${process.pid}`
  writeFileSync(
    draft,
    JSON.stringify({ pid: process.pid, startedAt: startTimeOf(process.pid) } satisfies LockRecord),
  )
  try {
    for (;;) {
      if (tryLink(draft, file)) return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
      const holder = servingProcess(folder)
      if (holder !== null) throw serveErrors.AGENT_RUNNING({ folder, pid: holder })
      rmSync(file, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Leaves the address people sign in at beside the lock, for commands that name it. */
export function leaveAddress(folder: string, panelUrl: string): Disposable {
  const file = join(folder, 'agent.address')
  writeFileSync(file, panelUrl)
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
}

/** Where the agent that serves the folder is reached; `null` when none does. */
export function servingAddress(folder: string): string | null {
  if (servingProcess(folder) === null) return null
  try {
    return readFileSync(join(folder, 'agent.address'), 'utf8')
  } catch {
    // It is still on its way up.
    return null
  }
}

/** Pid of the agent that serves the folder, `null` when none does. */
export function servingProcess(folder: string): number | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(join(folder, 'agent.lock'), 'utf8')) as LockRecord
    return startedAt !== null && startTimeOf(pid) === startedAt ? pid : null
  } catch {
    // No lock, or one that was cut short by a crash.
    return null
  }
}

function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
