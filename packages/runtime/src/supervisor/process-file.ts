import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a process file says. The start time tells a process from a later one that got the same pid. */
interface ProcessRecord {
  pid: number
  startedAt: string
}

/**
 * Writes `{folder}/{kind}-{pid}.process`, so that the next agent start can end this child should everything
 * else have failed. Returns the function that removes the file; call it when the child has exited.
 */
export function recordProcess(folder: string, kind: string, pid: number): () => void {
  const startedAt = startTimeOf(pid)
  if (startedAt === null) return () => {}
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, `${kind}-${pid}.process`)
  writeFileSync(file, JSON.stringify({ pid, startedAt } satisfies ProcessRecord), { mode: 0o600 })
  return () => rmSync(file, { force: true })
}

/**
 * Ends (SIGKILL) every process an earlier agent left behind and removes their files. Call it once, at the
 * agent's start, after the lock on the data folder is held and before the first child is started.
 * @returns how many were still alive.
 */
export function reapProcesses(folder: string): number {
  let reaped = 0
  for (const name of namesIn(folder)) {
    const file = join(folder, name)
    const record = readRecord(file)
    if (record && startTimeOf(record.pid) === record.startedAt) {
      try {
        process.kill(record.pid, 'SIGKILL')
        reaped += 1
      } catch {
        // It ended between the look and the kill: what we wanted.
      }
    }
    rmSync(file, { force: true })
  }
  return reaped
}

/**
 * When the process started, as the system writes it (an opaque text, compared only for equality); null when
 * there is none of that pid. Linux: field 22 of /proc/<pid>/stat (proc_pid_stat(5)), in ticks since boot,
 * after the boot's own id, since pids and ticks begin anew with each boot. Elsewhere: ps(1).
 */
export function startTimeOf(pid: number): string | null {
  if (process.platform !== 'linux') return startTimeByPs(pid)
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the command in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : `${bootId()}:${fields[19]}`
  } catch {
    return null
  }
}

let knownBootId: string | undefined
function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  return knownBootId
}

function startTimeByPs(pid: number): string | null {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5_000,
    })
    return text.trim() || null
  } catch {
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.process'))
  } catch {
    return []
  }
}

function readRecord(file: string): ProcessRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const { pid, startedAt } = value as Partial<ProcessRecord>
    // Never a group (0, negative) nor init.
    if (!Number.isInteger(pid) || (pid as number) < 2 || typeof startedAt !== 'string') return null
    return { pid: pid as number, startedAt }
  } catch {
    return null
  }
}
