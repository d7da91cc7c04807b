// Work that takes a thread of the process for long: hashes of passwords, derived and generated keys. Node has four such
// threads for everything, files too; a flood of sign-ins in one service must leave some to its neighbours.

/** Of the four threads; one stays free for files. */
const MAX_AT_ONCE = 3
/** Of one service. */
const MAX_OF_ONE = 2

/** What one service has under way and waiting. */
interface Line {
  running: number
  readonly waiting: Turn[]
}

interface Turn {
  begin(): void
}

/** Services that wait, in the order in which they are served: one turn each, then the next service. */
const lines = new Set<Line>()
let running = 0

/** Does the work when it is the service's turn. @throws the signal's reason when it aborts before */
export type HeavyWork = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>

/** The line of one service. */
export function createHeavyWork(): HeavyWork {
  const line: Line = { running: 0, waiting: [] }
  return async (work, signal) => {
    await admitted(line, signal)
    try {
      return await work()
    } finally {
      running--
      line.running--
      serve()
    }
  }
}

function admitted(line: Line, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  if (running < MAX_AT_ONCE && line.running < MAX_OF_ONE) {
    enter(line)
    return Promise.resolve()
  }
  return new Promise((resolve, reject) => {
    const turn = {
      begin: () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      },
    }
    const leave = () => {
      line.waiting.splice(line.waiting.indexOf(turn), 1)
      if (line.waiting.length === 0) lines.delete(line)
      reject(signal!.reason as Error)
    }
    signal?.addEventListener('abort', leave, { once: true })
    line.waiting.push(turn)
    lines.add(line)
  })
}

function enter(line: Line): void {
  running++
  line.running++
}

function serve(): void {
  for (const line of lines) {
    if (running >= MAX_AT_ONCE) return
    if (line.running >= MAX_OF_ONE) continue
    const turn = line.waiting.shift()!
    lines.delete(line)
    if (line.waiting.length > 0) lines.add(line)
    enter(line)
    turn.begin()
  }
}
