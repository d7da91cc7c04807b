/** What JavaScript itself asks of an object when it is awaited, printed or compared. */
const ASKED_BY_LANGUAGE = new Set(['then', 'toJSON', 'constructor', 'asymmetricMatch', 'nodeType'])

/**
 * The object, but reading a member it does not have throws with the member's name: a test must not pass
 * because something of Electron silently did nothing.
 */
export function refuseUnknown<T extends object>(name: string, target: T): T {
  const bound = new WeakMap<object, unknown>()
  return new Proxy(target, {
    get(object, key) {
      if (!(key in object)) {
        if (typeof key === 'symbol' || ASKED_BY_LANGUAGE.has(key)) return undefined
        throw new Error(`electron stand-in: ${name}.${key} is not implemented`)
      }
      const value = Reflect.get(object, key, object) as unknown
      if (typeof value !== 'function') return value
      // Methods with private fields need the object itself and not the proxy as `this`.
      if (!bound.has(value)) bound.set(value, value.bind(object))
      return bound.get(value)
    },
    set(object, key, value) {
      return Reflect.set(object, key, value, object)
    },
  })
}
