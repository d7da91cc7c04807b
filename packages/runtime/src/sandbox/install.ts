// What the bridge calls once, before any code of the author: makes the globals.
import {
  connectCalls,
  hostError,
  logLine,
  onEnter,
  tellHost,
  type BlockingAnswer,
  type BlockingCall,
} from './calls.ts'
import { harden } from './harden.ts'
import type { Kernel, RunFacts } from './kernel.port.ts'
import type { SandboxRoom } from './lane.ts'
import { bareLane, dollarLane } from './lanes.ts'
import { connectOutbox, flush, operate } from './outbox.ts'
import { OP } from './wire.contract.ts'
import { installPlugins } from './plugins.ts'
import { provideFiles, requireFile } from './require.ts'
import { errorData } from './stacks.ts'
import { onTimerError, startTimer, stopTimer } from './timers.ts'
import { turn } from './turn.ts'
import { structuredClone } from './web/clone.ts'
import { AbortController, AbortSignal, CustomEvent, DOMException, Event, EventTarget } from './web/events.ts'
import { atob, btoa, TextDecoder, TextEncoder } from './web/text.ts'
import { URL, URLSearchParams } from './web/url.ts'
import type { SandboxPlugin } from '../plugins/plugin.contract.ts'

/** A room as the bundle lists it. */
export interface InstalledRoom {
  readonly name: string
  readonly aliases: readonly string[]
  readonly twin: boolean
  readonly room: SandboxRoom
}

/** What the bridge hands in. */
export interface Setup {
  readonly facts: RunFacts
  readonly bootData: Readonly<Record<string, unknown>>
  readonly files: readonly { path: string; code: string }[]
  readonly plugins?: readonly SandboxPlugin[]
}

interface HostReference {
  applySyncPromise(self: undefined, args: unknown[], options: { arguments: { copy: true } }): BlockingAnswer
}

const global = globalThis as unknown as Record<string, unknown>
const { parse } = JSON
const { defineProperty } = Object

/** Connects the prelude and defines the globals. Returns the entry the bridge keeps a Reference of. */
export function install(
  rooms: readonly InstalledRoom[],
  host: { emit: (text: string, blob?: ArrayBuffer) => void; block: HostReference; setup: string },
): typeof turn {
  const setup = parse(host.setup) as Setup
  connectOutbox(host.emit)
  connectCalls(blockingCall(host.block))
  harden(global)
  provideFiles(setup.files)
  onTimerError((error) => logLine('error', errorData(error).text))
  installWeb()
  const kernel = createKernel(setup)
  for (const room of rooms) installRoom(room, kernel)
  installPlugins(setup.plugins ?? [], kernel, (name, room) =>
    installRoom({ name, aliases: [], twin: true, room }, kernel),
  )
  define('$require', requireFile)
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
    bootData: (module) => setup.bootData[module],
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

function installRoom({ name, aliases, twin, room }: InstalledRoom, kernel: Kernel): void {
  const bare = room(bareLane, kernel)
  const dollar = twin ? room(dollarLane, kernel) : undefined
  for (const each of [name, ...aliases]) {
    define(each, bare)
    if (dollar) define(`$${each}`, dollar)
  }
}

function installWeb(): void {
  const timer =
    (repeat: boolean) =>
    (fn: unknown, delayMs?: unknown, ...args: unknown[]) => {
      if (typeof fn !== 'function') throw new TypeError('A timer needs a function.')
      return startTimer(() => settle(fn(...args)), delayMs, repeat)
    }
  const later = Promise.resolve()
  const web: Record<string, unknown> = {
    setTimeout: timer(false),
    setInterval: timer(true),
    setImmediate: (fn: (...args: unknown[]) => unknown, ...args: unknown[]) => timer(false)(fn, 0, ...args),
    clearTimeout: stopTimer,
    clearInterval: stopTimer,
    clearImmediate: stopTimer,
    queueMicrotask: (fn: () => unknown) => {
      if (typeof fn !== 'function') throw new TypeError('queueMicrotask needs a function.')
      void later.then(() => fn()).catch((error) => logLine('error', errorData(error).text))
    },
    performance: { timeOrigin: Date.now(), now: clock(), toJSON: () => ({}) },
    structuredClone,
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    atob,
    btoa,
    AbortController,
    AbortSignal,
    Event,
    EventTarget,
    CustomEvent,
    DOMException,
  }
  for (const name of Object.keys(web)) define(name, web[name])
}

/** An async function given to a timer: its rejection is a log line like a throw. */
function settle(result: unknown): void {
  if (result instanceof Promise) result.then(undefined, (error) => logLine('error', errorData(error).text))
}

/** Milliseconds since the run began, never going back. */
function clock(): () => number {
  const begin = Date.now()
  let last = 0
  return () => (last = Math.max(last, Date.now() - begin))
}

function define(name: string, value: unknown): void {
  defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false })
}
