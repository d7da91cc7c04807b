// Whose work it is that runs in this process. What a plugin does for a service, and everything that sets off (timers, sockets, files,
// promises), is that service's: when it throws where nobody catches, or never ends, the plugin and its project are named.
// AsyncLocalStorage knows whose a callback is; on Node 24 and later it follows promises without hooks (nodejs.org, "AsyncContextFrame").
import { AsyncLocalStorage, createHook } from 'node:async_hooks'

export interface PluginWorkOptions {
  readonly plugin: string
  /** Runs what the plugin computes; who watches the process knows for whom. */
  execute<T>(work: () => T): T
  /** Something it set off threw, and nobody caught it. */
  failed(error: unknown): void
}

/** The work of one plugin for one run. */
export interface PluginWork {
  /** Runs an entry into the plugin's code; what it sets off counts as this work, too. */
  execute<T>(work: () => T): T
  /**
   * A function of ours for the plugin. What it does is ours and not the plugin's, who else is served by it then included; what the plugin does
   * with the answer it waited for is its own again.
   */
  offered<A extends unknown[], T>(call: (...args: A) => Promise<T>): (...args: A) => Promise<T>
  /** The run has ended: what the plugin left running counts for the runs that use it still. */
  over(): void
}

interface Owner extends PluginWorkOptions {
  readonly isOver: boolean
}

const owners = new AsyncLocalStorage<Owner | undefined>()
const living = new Map<string, Set<Owner>>()
/** Sockets that came to a plugin's server, and the servers: libuv makes them outside of every context. */
const accepted = new Map<number, Owner>()
let following = false

/** Begins the work of a plugin for a run. */
export function beginWork(options: PluginWorkOptions): PluginWork {
  const owner = { ...options, isOver: false }
  const others = living.get(owner.plugin) ?? new Set()
  living.set(owner.plugin, others.add(owner))
  // The mark is set outside: it goes by microtasks and ticks of its own, which are nobody's.
  const execute: PluginWork['execute'] = (work) => marked(owner, () => owners.run(owner, work))
  return {
    execute,
    offered:
      (call) =>
      (...args) =>
        new Promise((resolve, reject) => {
          owners
            .run(undefined, () => call(...args))
            .then(
              (value) => execute(() => resolve(value)),
              (error: unknown) => execute(() => reject(error)),
            )
        }),
    over() {
      owner.isOver = true
      others.delete(owner)
    },
  }
}

/**
 * From here on callbacks of this process are marked as their plugin's work while they run. Called before the first plugin of a process
 * is loaded: in a process without plugins there are no hooks. Those of promises stay off, for they make every promise
 * several times slower; others cost a callback less than 1 µs (measured on Node 26).
 */
export function followWork(): void {
  if (following) return
  following = true
  createHook({ trackPromises: false, init, before, destroy }).enable()
}

/** Puts what nobody caught down to whose work threw it. @returns false: it was no plugin's. To be called where Node reports it. */
export function blameWork(error: unknown): boolean {
  const owner = owners.getStore()
  // Node leaves the context of what threw behind: what begins from here on is not its.
  owners.enterWith(undefined)
  if (!owner) return false
  for (const each of answerable(owner)) each.failed(error)
  return true
}

/** Who answers for work of this owner: itself, or after its run the others that use the plugin. */
function answerable(owner: Owner): Iterable<Owner> {
  return owner.isOver ? [...(living.get(owner.plugin) ?? [])] : [owner]
}

function marked<T>(owner: Owner, work: () => T): T {
  let run = work
  for (const each of answerable(owner)) {
    const inner = run
    run = () => each.execute(inner)
  }
  return owners.run(undefined, run)
}

const nothing = (): void => {}

function init(id: number, type: string, trigger: number): void {
  if (type === 'TCPSERVERWRAP' || type === 'PIPESERVERWRAP') {
    const owner = owners.getStore()
    if (owner) accepted.set(id, owner)
  } else if (accepted.size > 0 && (type === 'TCPWRAP' || type === 'PIPEWRAP')) {
    const owner = accepted.get(trigger)
    if (owner) accepted.set(id, owner)
  }
}

function before(id: number): void {
  const server = accepted.size > 0 ? accepted.get(id) : undefined
  if (server) owners.enterWith(server)
  const owner = server ?? owners.getStore()
  if (owner) marked(owner, nothing)
}

function destroy(id: number): void {
  accepted.delete(id)
}
