// What every service has besides the modules: nothing of Node, nothing of the DOM.

/** The exports of another file in the classic form; the name from the root of the branch, without ending. */
declare function $require(name: ProjectFile): any
/** In a file that is required: adds members to its exports. */
declare function $exports(members: object): void

declare function setTimeout(fn: (...args: any[]) => void, delayMs?: number, ...args: any[]): number
declare function setInterval(fn: (...args: any[]) => void, delayMs?: number, ...args: any[]): number
declare function setImmediate(fn: (...args: any[]) => void, ...args: any[]): number
declare function clearTimeout(id: number | undefined): void
declare function clearInterval(id: number | undefined): void
declare function clearImmediate(id: number | undefined): void
declare function queueMicrotask(fn: () => void): void
declare function structuredClone<T>(value: T): T
declare function atob(base64: string): string
declare function btoa(latin1: string): string
declare const performance: { readonly timeOrigin: number; now(): number }

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
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  readonly encoding: string
  decode(bytes?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string
}
declare class Event {
  constructor(type: string, init?: { cancelable?: boolean })
  readonly type: string
  readonly target: EventTarget | null
  readonly defaultPrevented: boolean
  preventDefault(): void
  stopImmediatePropagation(): void
}
declare class CustomEvent<T = any> extends Event {
  constructor(type: string, init?: { cancelable?: boolean; detail?: T })
  readonly detail: T
}
declare class EventTarget {
  addEventListener(
    type: string,
    listener: ((event: Event) => void) | { handleEvent(event: Event): void },
    options?: boolean | { once?: boolean; signal?: AbortSignal },
  ): void
  removeEventListener(
    type: string,
    listener: ((event: Event) => void) | { handleEvent(event: Event): void },
  ): void
  dispatchEvent(event: Event): boolean
}
declare class AbortSignal extends EventTarget {
  readonly aborted: boolean
  readonly reason: any
  onabort: ((event: Event) => void) | null
  throwIfAborted(): void
  static abort(reason?: any): AbortSignal
  static timeout(delayMs: number): AbortSignal
  static any(signals: Iterable<AbortSignal>): AbortSignal
}
declare class AbortController {
  readonly signal: AbortSignal
  abort(reason?: any): void
}
declare class DOMException extends Error {
  constructor(message?: string, name?: string)
}
