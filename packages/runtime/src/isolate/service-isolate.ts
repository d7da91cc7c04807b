// One isolate with the prelude in it. After `createServiceIsolate` no method of isolated-vm ending in Sync is called:
// it would run the service's code on this process's main thread, in the middle of a synchronous call.
import type IsolatedVM from 'isolated-vm'
import type { BoundFiles } from './import-calls.ts'
import { ivm } from './ivm.ts'
import { compilePrelude, unitsText } from './compile-prelude.ts'
import { loadMain } from './load-main.ts'
import type { ModuleGraph } from './module-graph.ts'
import type { Prelude, PreludeScript } from './prelude.ts'

/** What the host gives an isolate. */
export interface IsolateHost {
  /** The service sent something: see sandbox/wire.contract.ts. */
  emit(text: string, blob?: ArrayBuffer): void
  /** A `$` call. Must settle, always: the isolate's thread is parked on it. */
  block(
    name: string,
    args: string,
    remainingMs: number,
    blob?: ArrayBuffer,
  ): Promise<string | { t: string; b: ArrayBuffer }>
  /** V8 lost control over the isolate: only the end of this process helps. */
  catastrophic(message: string): void
}

export interface IsolateOptions {
  prelude: Prelude
  script: PreludeScript
  memoryMb: number
  /** JSON of sandbox/install.ts `Setup`. */
  setup: string
  host: IsolateHost
}

/** How an entry into the isolate ended. */
export type Entered =
  | { kind: 'done'; more: boolean }
  /** Its limit was reached; the isolate goes on. */
  | { kind: 'timeout' }
  /** Something was thrown that nobody caught (a floating rejection): a log line; what was returned is lost. */
  | { kind: 'floating'; error: Error }
  | { kind: 'disposed' }

/** What became of a file that was asked for by `import()`, up to its first pause. */
export type Brought =
  /** Nothing was thrown; whether it is through the isolate says itself. */
  | { kind: 'evaluated' }
  /** It cannot be linked; no code of it has run. */
  | { kind: 'refused'; error: unknown }
  /** It threw, or something else that was rejected in this entry did: only one of them is told. */
  | { kind: 'threw'; error: unknown }
  | { kind: 'timeout' }

/** The prelude takes a few milliseconds; sandbox halves of plugins are installed in it, too. */
const INSTALL_LIMIT_MS = 10_000

const TIMED_OUT = 'Script execution timed out.'

/** An isolate is memory and a thread: it has an end. */
export class ServiceIsolate {
  readonly #isolate: IsolatedVM.Isolate
  readonly #context: IsolatedVM.Context
  readonly #turn: IsolatedVM.Reference<(text: string, blob?: ArrayBuffer, interrupted?: boolean) => 0 | 1>
  /** Of a service that calls `import()`. */
  #graph: ModuleGraph | null = null

  constructor(isolate: IsolatedVM.Isolate, context: IsolatedVM.Context, turn: IsolatedVM.Reference) {
    this.#isolate = isolate
    this.#context = context
    this.#turn = turn
  }

  get disposed(): boolean {
    return this.#isolate.isDisposed
  }

  /** CPU time used so far, in milliseconds. Readable while the isolate runs; parked time does not count. */
  get cpuMs(): number {
    return this.disposed ? 0 : Number(this.#isolate.cpuTime) / 1e6
  }

  /** Enters once. `timeoutMs` bounds the handlers and their continuations; parked time does not count. */
  async turn(
    text: string,
    blob: ArrayBuffer | undefined,
    entry: { interrupted: boolean; timeoutMs: number },
  ): Promise<Entered> {
    try {
      const args = blob
        ? [
            text,
            new ivm.ExternalCopy(blob, { transferOut: true }).copyInto({ release: true, transferIn: true }),
            entry.interrupted,
          ]
        : entry.interrupted
          ? [text, undefined, true]
          : [text]
      const more = await this.#turn.apply(undefined, args as [string], { timeout: entry.timeoutMs })
      return { kind: 'done', more: more === 1 }
    } catch (error) {
      return this.#failed(error)
    }
  }

  /**
   * Runs the main file up to its first pause. `loaded` settles when it is through, top-level await included: that takes
   * further turns. A rejection is the author's error.
   */
  async start(bound: BoundFiles, entry: string, timeoutMs: number): Promise<{ loaded: Promise<void> }> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { isolate, context } = { isolate: this.#isolate, context: this.#context }
    await loadMain({ isolate, context, ...bound, entry, timeoutMs, onLoaded: resolve }, (graph) => {
      this.#graph = graph
    })
    return { loaded: promise }
  }

  /**
   * Compiles, links and evaluates a file that was not imported so far, or asks once more what became of it. An entry as
   * {@link ServiceIsolate.turn} is one. `names`: as {@link ModuleGraph.linkLate} takes them.
   */
  async bring(path: string, names: readonly string[] | null, timeoutMs: number): Promise<Brought> {
    let root: IsolatedVM.Module
    try {
      root = await this.#graph!.linkLate(path, names)
    } catch (error) {
      return { kind: 'refused', error }
    }
    try {
      await root.evaluate({ timeout: timeoutMs })
      return { kind: 'evaluated' }
    } catch (error) {
      return isTimeout(error) ? { kind: 'timeout' } : { kind: 'threw', error: shown(error) }
    } finally {
      root.release()
    }
  }

  /** Files that are evaluated together with these. */
  async reached(paths: Iterable<string>): Promise<Set<string>> {
    const found = new Set<string>()
    for (const path of paths) await this.#graph?.reached(path, found)
    return found
  }

  /** Bytes of heap and of memory beside it. Asynchronous: never asked while an entry could be starved by it. */
  async heapBytes(): Promise<number> {
    if (this.disposed) return 0
    try {
      const heap = await this.#isolate.getHeapStatistics()
      return heap.total_heap_size + heap.externally_allocated_size
    } catch {
      return 0
    }
  }

  dispose(): void {
    if (!this.disposed) this.#isolate.dispose()
  }

  #failed(error: unknown): Entered {
    if (this.disposed) return { kind: 'disposed' }
    if (isTimeout(error)) return { kind: 'timeout' }
    const thrown = shown(error)
    return { kind: 'floating', error: thrown instanceof Error ? thrown : new Error(String(thrown)) }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message === TIMED_OUT
}

/**
 * What was thrown inside, without the frames of this process that isolated-vm puts below it, and in words of ours for a proxy or
 * an object whose prototype is none.
 */
function shown(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error.message.includes('within isolated-vm'))
    return new Error('it was thrown with a value that cannot be shown.')
  const border = error.stack?.indexOf('\n    at (<isolated-vm boundary>)') ?? -1
  if (border >= 0) error.stack = error.stack!.slice(0, border)
  return error
}

/** Makes an isolate with the prelude installed; no code of the author has run yet. Takes a few milliseconds. */
export async function createServiceIsolate({
  prelude,
  script: source,
  memoryMb,
  setup,
  host,
}: IsolateOptions): Promise<ServiceIsolate> {
  const isolate = new ivm.Isolate({
    memoryLimit: memoryMb,
    onCatastrophicError: (message) => host.catastrophic(message),
  })
  const context = await isolate.createContext()
  const script = await compilePrelude(isolate, source)
  const start = await script.run(context, { reference: true })
  script.release()
  const emit = new ivm.Callback((text: string, blob?: ArrayBuffer) => host.emit(text, blob), {
    ignored: true,
  })
  const block = new ivm.Reference(
    async (name: string, args: string, remainingMs: number, blob?: ArrayBuffer) => {
      const answer = await host.block(name, args, remainingMs, blob)
      return typeof answer === 'string' ? answer : new ivm.ExternalCopy(answer).copyInto({ release: true })
    },
  )
  const turn = await start.apply(undefined, [emit, block, setup, unitsText(prelude).copyInto()], {
    result: { reference: true },
    timeout: INSTALL_LIMIT_MS,
  })
  return new ServiceIsolate(isolate, context, turn as IsolatedVM.Reference)
}
