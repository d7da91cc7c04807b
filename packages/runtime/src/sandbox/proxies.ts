// Which objects are proxies of the author. The language does not say; `structuredClone` has to refuse them (HTML, "StructuredSerialize":
// an exotic object), and a copy made by asking a proxy for its members would hide that it is none.

const { construct, defineProperty } = Reflect

/** A constructor that gives back what it was given: whoever inherits from it puts its private members there. */
const Given = function (value: object): object {
  return value
} as unknown as new <T extends object>(value: T) => T

/** Kept in the proxy itself, so that it goes with it: a weak set of all would be one growing table. */
class Mark extends Given<object> {
  // eslint-disable-next-line no-unused-private-class-members -- asked for by `in` alone
  readonly #is = true

  static in(value: object): boolean {
    return #is in value
  }
}

/** Whether the value is a proxy that the author's code made. */
export const isProxy = (value: object): boolean => Mark.in(value)

/** The proxy itself, marked. */
const marked = (proxy: object): object => new Mark(proxy)

/** Puts a `Proxy` into the global scope that marks what it makes; else it is as it was, its name and static members included. */
export function markProxies(global: Record<string, unknown>): void {
  const Native = Proxy
  const { revocable } = Native
  const value = {
    revocable(target: object, handler: ProxyHandler<object>) {
      const made = revocable(target, handler)
      marked(made.proxy)
      return made
    },
  }.revocable
  defineProperty(Native, 'revocable', { value, writable: true, configurable: true })
  const Marking = new Native(Native, {
    construct: (target, given, newTarget) => marked(construct(target, given, newTarget) as object),
  })
  defineProperty(global, 'Proxy', { value: Marking, writable: true, configurable: true })
}
