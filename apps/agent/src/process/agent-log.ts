import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { createLogger, messageOf, type Logger, type LogLevel } from '@m3m/base'

/** Half a year of a quiet agent; five of them are kept beside the current one. */
const FILE_BYTES = 10 * 1024 * 1024
const KEPT_FILES = 5

interface AgentLogOptions {
  /** `logging.path`; the file is `agent.log` in it, older parts are `agent.{offset of their first byte}.log`. */
  folder: string
  level: LogLevel
  /** Where lines go besides the file: the terminal, or the journal of systemd. */
  print: (line: string) => void
  fileBytes?: number
}

/**
 * The agent's own log, to the terminal and to a rotated file. Lines are few and written at once, so that the
 * last words of a crash are there. A disk that is full or a folder that cannot be written costs the file,
 * never the agent: the terminal is told once.
 */
export function openAgentLog({
  folder,
  level,
  print,
  fileBytes = FILE_BYTES,
}: AgentLogOptions): Logger & Disposable {
  const file = join(folder, 'agent.log')
  let fd: number | null = null
  let size = 0
  let complained = false
  const open = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    fd = openSync(file, 'a', 0o600)
    size = fstatSync(fd).size
  }
  const close = () => {
    if (fd !== null) closeSync(fd)
    fd = null
  }
  const write = (line: string) => {
    print(line)
    try {
      if (fd !== null && size > fileBytes) {
        close()
        rotate(folder, file)
      }
      if (fd === null) open()
      size += writeSync(fd!, `${line}\n`)
      complained = false
    } catch (error) {
      if (!complained) print(`The agent's log cannot be written to ${file}: ${messageOf(error)}`)
      complained = true
    }
  }
  return { ...createLogger(write, { level }), [Symbol.dispose]: close }
}

/** The name of a part says where in the log it begins: a reader's place stays the same when the file is put aside. */
function rotate(folder: string, file: string): void {
  const full = readdirSync(folder)
    .filter((name) => /^agent\.\d{14}\.log$/.test(name))
    .sort()
  const last = full.at(-1)
  const start = last ? Number(last.split('.')[1]) + statSync(join(folder, last)).size : 0
  renameSync(file, join(folder, `agent.${String(start).padStart(14, '0')}.log`))
  for (const name of full.slice(0, Math.max(0, full.length + 1 - KEPT_FILES)))
    rmSync(join(folder, name), { force: true })
}
