import { readdirSync, readFileSync } from 'node:fs'

/** A process below the agent. */
export interface Descendant {
  pid: number
  /** Start time in ticks: tells a process from a later one with its pid. */
  startedAt: string
  command: string
}

/** Which process a command started: from the sources, or from the bundle (docs/adr/0013). */
export const COMMANDS = {
  runner: /compose-runner\.(ts|js)/,
  datastore: /datastore\/src\/process\/main\.ts|\/datastore\.js/,
  tool: /tool-process\.(ts|js)/,
} as const

/** Every process below `root`, itself left out (proc(5)). */
export function descendants(root: number): Descendant[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => look(Number(name)))
  const below = (pid: number): Descendant[] =>
    all.flatMap((found) => (found?.parent === pid ? [found, ...below(found.pid)] : []))
  return below(root)
}

/** Children of these processes that ended and that nobody has asked about since. */
export function zombies(root: number): number[] {
  const parents = new Set([root, ...descendants(root).map(({ pid }) => pid)])
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const fields = statOf(pid)
      return fields?.[0] === 'Z' && parents.has(Number(fields[1]))
    })
}

export const isAlive = ({ pid, startedAt }: Descendant): boolean => look(pid)?.startedAt === startedAt

/** Waits until a condition holds. There is no event for what another process does to a third. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 40_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function look(pid: number): (Descendant & { parent: number }) | null {
  try {
    const fields = statOf(pid)
    if (!fields || fields[0] === 'Z') return null
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
    return { pid, parent: Number(fields[1]), startedAt: fields[19]!, command }
  } catch {
    return null
  }
}

/** The fields of proc(5)'s `stat` from the state on; null for a process that is gone. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command stands in parentheses and may contain anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** SIGKILL, for a process that may have ended since it was found. */
export function endIfThere({ pid }: Descendant): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
