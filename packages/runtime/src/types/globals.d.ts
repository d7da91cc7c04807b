// What every service has besides the modules: nothing of Node, nothing of the DOM.

/** The exports of another file in the classic form; the name from the root of the branch, without ending. */
declare function $require(name: ProjectFile): any
/** As `$require`, for code in CommonJS: files of the branch only, relative to the file in files that are required. */
declare function require(name: ProjectFile): any
/** In a file that is required: adds members to its exports. */
declare function $exports(members: object): void

declare function setTimeout(fn: (...args: any[]) => void, delayMs?: number, ...args: any[]): number
declare function setInterval(fn: (...args: any[]) => void, delayMs?: number, ...args: any[]): number
declare function setImmediate(fn: (...args: any[]) => void, ...args: any[]): number
declare function clearTimeout(id: number | undefined): void
declare function clearInterval(id: number | undefined): void
declare function clearImmediate(id: number | undefined): void
declare function queueMicrotask(fn: () => void): void
declare function structuredClone<T>(value: T, options?: { transfer?: readonly unknown[] }): T
declare function atob(base64: string): string
declare function btoa(latin1: string): string
/** What nobody catches: a line of the log, unless a listener of the global `error` event prevents that. */
declare function reportError(error: unknown): void
/** Listens for `error` (what nobody catches), or answers `fetch` events as services for workers do. */
declare function addEventListener(type: string, listener: (event: any) => void): void
declare function removeEventListener(type: string, listener: (event: any) => void): void
declare function dispatchEvent(event: Event): boolean
declare const self: typeof globalThis
declare const navigator: {
  readonly userAgent: string
  readonly language: string
  readonly languages: readonly string[]
  readonly hardwareConcurrency: number
}
interface PerformanceEntry {
  readonly name: string
  readonly entryType: string
  readonly startTime: number
  readonly duration: number
  readonly detail: any
}
/** Times are whole milliseconds since the run began. */
declare class Performance extends EventTarget {
  readonly timeOrigin: number
  now(): number
  mark(name: string, options?: { startTime?: number; detail?: any }): PerformanceEntry
  measure(
    name: string,
    from?: string | { start?: string | number; end?: string | number; duration?: number; detail?: any },
    to?: string,
  ): PerformanceEntry
  getEntries(): PerformanceEntry[]
  getEntriesByType(type: string): PerformanceEntry[]
  getEntriesByName(name: string, type?: string): PerformanceEntry[]
  clearMarks(name?: string): void
  clearMeasures(name?: string): void
  toJSON(): object
}
declare const performance: Performance

declare class URL {
  constructor(url: string | URL, base?: string | URL)
  static canParse(url: string, base?: string): boolean
  static parse(url: string, base?: string): URL | null
  href: string
  readonly origin: string
  protocol: string
  username: string
  password: string
  host: string
  hostname: string
  port: string
  pathname: string
  search: string
  readonly searchParams: URLSearchParams
  hash: string
  toString(): string
  toJSON(): string
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: string | Record<string, string> | Iterable<[string, string]>)
  readonly size: number
  append(name: string, value: string): void
  delete(name: string, value?: string): void
  get(name: string): string | null
  getAll(name: string): string[]
  has(name: string, value?: string): boolean
  set(name: string, value: string): void
  sort(): void
  forEach(fn: (value: string, name: string, params: URLSearchParams) => void): void
  entries(): IterableIterator<[string, string]>
  keys(): IterableIterator<string>
  values(): IterableIterator<string>
  [Symbol.iterator](): IterableIterator<[string, string]>
  toString(): string
}
declare class TextEncoder {
  readonly encoding: string
  encode(text?: string): Uint8Array
  encodeInto(text: string, into: Uint8Array): { read: number; written: number }
}
declare class TextDecoder {
  /** `label`: any name of the web's encodings, such as `windows-1251`, `gbk` or `shift_jis`. */
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  readonly encoding: string
  readonly fatal: boolean
  readonly ignoreBOM: boolean
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string
}
interface EventInit {
  bubbles?: boolean
  cancelable?: boolean
  composed?: boolean
}
declare class Event {
  constructor(type: string, init?: EventInit)
  static readonly NONE: 0
  static readonly CAPTURING_PHASE: 1
  static readonly AT_TARGET: 2
  static readonly BUBBLING_PHASE: 3
  readonly type: string
  readonly target: EventTarget | null
  readonly currentTarget: EventTarget | null
  readonly eventPhase: number
  readonly bubbles: boolean
  readonly cancelable: boolean
  readonly composed: boolean
  readonly defaultPrevented: boolean
  readonly isTrusted: boolean
  readonly timeStamp: number
  composedPath(): EventTarget[]
  preventDefault(): void
  stopPropagation(): void
  stopImmediatePropagation(): void
}
declare class CustomEvent<T = any> extends Event {
  constructor(type: string, init?: EventInit & { detail?: T })
  readonly detail: T
}
declare class MessageEvent<T = any> extends Event {
  constructor(type: string, init?: EventInit & { data?: T; origin?: string; lastEventId?: string })
  readonly data: T
  readonly origin: string
  readonly lastEventId: string
  readonly ports: readonly MessagePort[]
}
declare class CloseEvent extends Event {
  constructor(type: string, init?: EventInit & { code?: number; reason?: string; wasClean?: boolean })
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}
declare class ErrorEvent extends Event {
  constructor(
    type: string,
    init?: EventInit & { message?: string; filename?: string; lineno?: number; colno?: number; error?: any },
  )
  readonly message: string
  readonly filename: string
  readonly lineno: number
  readonly colno: number
  readonly error: any
}
declare class PromiseRejectionEvent extends Event {
  constructor(type: string, init: EventInit & { promise: Promise<any>; reason?: any })
  readonly promise: Promise<any>
  readonly reason: any
}
type EventListenerOrObject = ((event: any) => void) | { handleEvent(event: any): void }
declare class EventTarget {
  addEventListener(
    type: string,
    listener: EventListenerOrObject | null,
    options?: boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal },
  ): void
  removeEventListener(
    type: string,
    listener: EventListenerOrObject | null,
    options?: boolean | { capture?: boolean },
  ): void
  dispatchEvent(event: Event): boolean
}
declare class AbortSignal extends EventTarget {
  private constructor()
  readonly aborted: boolean
  readonly reason: any
  onabort: ((event: Event) => void) | null
  throwIfAborted(): void
  static abort(reason?: any): AbortSignal
  static timeout(milliseconds: number): AbortSignal
  static any(signals: Iterable<AbortSignal>): AbortSignal
}
declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: any): void
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string)
  /** The number older code asks for, such as 20 for `AbortError`; 0 for newer names. */
  readonly code: number
}
declare class MessagePort extends EventTarget {
  private constructor()
  onmessage: ((event: MessageEvent) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
  postMessage(message: any, options?: readonly unknown[] | { transfer?: readonly unknown[] }): void
  start(): void
  close(): void
}
declare class MessageChannel {
  readonly port1: MessagePort
  readonly port2: MessagePort
}
