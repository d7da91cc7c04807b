// Global names of the service: there from the beginning, made when they are needed.
import { create, defineProperty } from './intrinsics.ts'

const global = globalThis as unknown as Record<string, unknown>
let named = create(null) as Record<string, true>

/** Names the author's files use: {@link provide} makes those before the first line of them. */
export function connectGlobals(names: readonly string[]): void {
  named = create(null) as Record<string, true>
  for (const name of names) named[name] = true
}

/** A global as JavaScript's own are: may be replaced, is not listed. */
export function define(name: string, value: unknown): void {
  defineProperty(global, name, {
    __proto__: null,
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  } as PropertyDescriptor)
}

const makers = create(null) as Record<string, () => unknown>

/** The value of a provided global, whatever the author has put in its place. */
export function provided(name: string): unknown {
  return makers[name]?.()
}

/** A global whose value is made now if the author's files name it, else when it is first read. */
export function provide(name: string, make: () => unknown): void {
  makers[name] = make
  if (named[name]) return define(name, make())
  defineProperty(global, name, {
    __proto__: null,
    get() {
      const value = make()
      define(name, value)
      return value
    },
    set(this: unknown, value: unknown) {
      if (this === global) define(name, value)
      // What inherits from the global object gets a member of its own, as from any other writable one.
      else
        defineProperty(this as object, name, {
          __proto__: null,
          value,
          writable: true,
          configurable: true,
          enumerable: true,
        } as PropertyDescriptor)
    },
    configurable: true,
    enumerable: false,
  } as PropertyDescriptor)
}
