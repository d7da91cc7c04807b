import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, messageOf, type Logger, type LogLevel } from '@m3m/base'

/** Half a year of a quiet agent; five of them are kept beside the current one. */
const FILE_BYTES = 10 * 1024 * 1024
const KEPT_FILES = 5

interface AgentLogOptions {
  /** `logging.path`; the file is `agent.log` in it, older ones `agent.log.1` to `.5`. */
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
        rotate(file)
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

function rotate(file: string): void {
  rmSync(`${file}.${KEPT_FILES}`, { force: true })
  for (let age = KEPT_FILES - 1; age >= 0; age--) {
    try {
      renameSync(age === 0 ? file : `${file}.${age}`, `${file}.${age + 1}`)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}
