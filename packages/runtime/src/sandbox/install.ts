// What the bridge calls once, before any code of the author: makes the globals.
import { bootData, connectBootData } from './boot-data.ts'
import {
  connectCalls,
  hostError,
  logLine,
  onEnter,
  onUnheard,
  tellHost,
  type BlockingAnswer,
  type BlockingCall,
} from './calls.ts'
import { harden } from './harden.ts'
import type { Kernel, RunFacts } from './kernel.port.ts'
import { connectGlobals, define, provide } from './globals.ts'
import type { connectLateImports } from './late-imports.ts'
import { LATE_GLOBAL } from './late-imports.contract.ts'
import { parse, takeIntrinsics } from './intrinsics.ts'
import type { SandboxRoom } from './lane.ts'
import { bareLane, dollarLane } from './lanes.ts'
import { connectOutbox, flush, operate } from './outbox.ts'
import { OP } from './wire.contract.ts'
import { installPlugins } from './plugins.ts'
import { markProxies } from './proxies.ts'
import { provideFiles, requireFile } from './require.ts'
import './run-clock.ts'
import { errorData } from './stacks.ts'
import { onTimerError, startTimer, stopTimer } from './timers.ts'
import { turn } from './turn.ts'
import './web/interface.ts'
import { reportException } from './web/report.ts'
import { connectUnits, need, type Units } from './units.ts'
import type { SandboxPlugin } from '../plugins/plugin.contract.ts'

/** A room as the bundle lists it. */
export interface InstalledRoom {
  readonly name: string
  readonly aliases: readonly string[]
  readonly twin: boolean
  /** The unit that exports `room`, and what it exports besides for the global scope. */
  readonly unit: string
  readonly globals: readonly string[]
}

/** What the bundle lists. Records come without a prototype. */
export interface Installation extends Pick<Units, 'core' | 'places' | 'known'> {
  readonly rooms: readonly InstalledRoom[]
  /** Web globals by their unit. */
  readonly web: Readonly<Record<string, readonly string[]>>
}

/** What the bridge hands in. */
export interface Setup {
  readonly facts: RunFacts
  readonly bootData: Readonly<Record<string, unknown>>
  readonly files: readonly { path: string; code: string; kind: string }[]
  /** What stands for `import` of `import()` in the files; null: none calls it. */
  readonly importName: string | null
  readonly plugins?: readonly SandboxPlugin[]
  /** Globals that the author's files name. */
  readonly named: readonly string[]
}

/** What the bridge hands in beside the setup. */
interface Host {
  readonly emit: (text: string, blob?: ArrayBuffer) => void
  readonly block: HostReference
  /** JSON of {@link Setup}. */
  readonly setup: string
  /** Of all units. */
  readonly text: string
}

interface HostReference {
  applySyncPromise(self: undefined, args: unknown[], options: { arguments: { copy: true } }): BlockingAnswer
}

const global = globalThis as unknown as Record<string, unknown>

/** Connects the prelude and defines the globals. Returns the entry the bridge keeps a Reference of. */
export function install({ rooms, web, core, places, known }: Installation, host: Host): typeof turn {
  const setup = parse(host.setup) as Setup
  connectOutbox(host.emit)
  connectCalls(blockingCall(host.block))
  harden(global)
  connectUnits({ core, places, known, text: host.text, intrinsics: takeIntrinsics(global) })
  // After that: proxies of ours, such as the headers of a request, can be copied.
  markProxies(global)
  connectGlobals(setup.named)
  connectBootData(setup.bootData)
  provideFiles(setup.files)
  onTimerError(reportException)
  installTimers()
  for (const unit of Object.keys(web)) for (const name of web[unit]!) provide(name, () => need(unit, name))
  const kernel = createKernel(setup)
  for (const room of rooms) installRoom(room, kernel)
  installPlugins(setup.plugins ?? [], kernel, (name, room) => {
    // At once: one that fails in here becomes a stand-in.
    const [bare, dollar] = [room(bareLane, kernel), room(dollarLane, kernel)]
    define(name, bare)
    define(`$${name}`, dollar)
  })
  define('$require', requireFile)
  define('require', requireFile)
  if (setup.importName !== null) {
    const connect = need('sandbox/late-imports.ts', 'connectLateImports') as typeof connectLateImports
    define(LATE_GLOBAL, connect(setup.files, setup.importName))
  }
  flush()
  return turn
}

function blockingCall(reference: HostReference): BlockingCall {
  const options = { arguments: { copy: true } } as const
  return (name, args, remainingMs, blob) =>
    reference.applySyncPromise(
      undefined,
      blob ? [name, args, remainingMs, blob] : [name, args, remainingMs],
      options,
    )
}

function createKernel(setup: Setup): Kernel {
  return {
    facts: setup.facts,
    bootData,
    on: onEnter,
    tell: tellHost,
    log: logLine,
    limited: (limit, text) => operate(OP.limit, limit, text),
    describe: (thrown) => errorData(thrown).text,
    error: (code, message) => hostError(code, message),
    guard(what, fn) {
      const failed = (error: unknown) => logLine('error', `${what}: ${errorData(error).text}`)
      try {
        const result = fn()
        if (result instanceof Promise) result.then(undefined, failed)
      } catch (error) {
        failed(error)
      }
    },
  }
}

/** Defines a room's names; each spelling is made once, however many names it has. */
function installRoom({ name, aliases, twin, unit, globals }: InstalledRoom, kernel: Kernel): void {
  let bare: object | undefined
  let dollar: object | undefined
  const room = (): SandboxRoom => need(unit, 'room') as SandboxRoom
  const makeBare = () => (bare ??= room()(bareLane, kernel))
  const makeDollar = () => (dollar ??= room()(dollarLane, kernel))
  for (const each of [name, ...aliases]) {
    provide(each, makeBare)
    if (twin) provide(`$${each}`, makeDollar)
  }
  for (const each of globals) provide(each, () => need(unit, each))
  // The host may enter a room that no file names: it is made then.
  onUnheard(name, makeBare)
}

function installTimers(): void {
  const timer =
    (repeat: boolean) =>
    (fn: unknown, delayMs?: unknown, ...args: unknown[]) => {
      if (typeof fn !== 'function') throw new TypeError('A timer needs a function.')
      return startTimer(() => settle(fn(...args)), delayMs, repeat)
    }
  const later = Promise.resolve()
  const globals: Record<string, unknown> = {
    setTimeout: timer(false),
    setInterval: timer(true),
    setImmediate: (fn: (...args: unknown[]) => unknown, ...args: unknown[]) => timer(false)(fn, 0, ...args),
    clearTimeout: stopTimer,
    clearInterval: stopTimer,
    clearImmediate: stopTimer,
    queueMicrotask: (fn: () => unknown) => {
      if (typeof fn !== 'function') throw new TypeError('queueMicrotask needs a function.')
      void later.then(() => fn()).catch(reportException)
    },
  }
  for (const name of Object.keys(globals)) define(name, globals[name])
}

/** An async function given to a timer: its rejection is a log line like a throw. */
function settle(result: unknown): void {
  if (result instanceof Promise) result.then(undefined, reportException)
}
