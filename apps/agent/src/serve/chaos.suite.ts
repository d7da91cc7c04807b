// What the chaos test needs of the world: dice, the tree of processes, the API as a program uses it.
import { readdirSync, readFileSync } from 'node:fs'

/** Mulberry32: the same throws for the same seed. */
export function createDice(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return { pick: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]! }
}

export interface SeenProcess {
  pid: number
  parent: number
  /** `Z` for a zombie (proc(5)). */
  state: string
  /** In ticks since the machine started: with the pid, it names a process for good. */
  startedAt: string
  command: string
}

/** Every process below this one. Linux only. */
export function processesBelow(root: number): SeenProcess[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  )
  const below: SeenProcess[] = []
  const open = [root]
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const one of all) {
      if (one.parent !== parent) continue
      below.push(one)
      open.push(one.pid)
    }
  }
  return below
}

/** `null` when it is gone. */
export function readProcess(pid: number): SeenProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command stands in parentheses and may contain anything; what follows the last one is numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return { pid, parent: Number(fields[1]), state: fields[0]!, startedAt: fields[19]!, command }
  } catch {
    return null
  }
}

export interface ShownState {
  desired: { run: boolean; source: { release?: string } | null }
  observed: { state: string; source: { release?: string; branch?: string } | null; conditions: string[] }
  activeRelease: string | null
}

/** A start answers after its boot, a stop after its drain. */
const CALL_MS = 45_000

/** The agent's API. `url` changes with each start of the agent. */
export class Api {
  url = ''
  #token = ''

  async signIn(email: string, password: string): Promise<void> {
    const input = { email, password, client: 'desktop' }
    this.#token = (await this.mutate<{ accessToken: string }>('auth.login', input)).accessToken
  }

  query<T>(procedure: string, input: unknown): Promise<T> {
    const search = encodeURIComponent(JSON.stringify(input))
    return this.#read(
      procedure,
      fetch(`${this.url}/trpc/${procedure}?input=${search}`, {
        headers: this.#headers(),
        signal: AbortSignal.timeout(CALL_MS),
      }),
    )
  }

  mutate<T>(procedure: string, input: unknown): Promise<T> {
    const call = {
      method: 'POST',
      headers: this.#headers(),
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(CALL_MS),
    }
    return this.#read(procedure, fetch(`${this.url}/trpc/${procedure}`, call))
  }

  #headers(): Record<string, string> {
    const authorization = this.#token ? { authorization: `Bearer ${this.#token}` } : {}
    return { 'content-type': 'application/json', ...authorization }
  }

  async #read<T>(procedure: string, answer: Promise<Response>): Promise<T> {
    const response = await answer
    const body = (await response.json()) as { result?: { data: T } }
    if (!body.result) throw new Error(`${procedure} gave ${response.status}: ${JSON.stringify(body)}`)
    return body.result.data
  }
}
