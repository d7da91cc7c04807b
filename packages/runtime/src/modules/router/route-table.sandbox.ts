// Routes by segment: static beats parameter beats wildcard; what beats is decided segment by segment, with a way back.

export interface Route<H> {
  readonly index: number
  readonly method: string
  readonly pattern: string
  readonly handler: H
  readonly names: readonly string[]
  /** Ends with `*rest`. */
  readonly takesRest: boolean
}

interface Node<H> {
  fixed: Map<string, Node<H>>
  param: Node<H> | null
  /** By method, `*` for all. */
  ends: Map<string, Route<H>> | null
  rest: Map<string, Route<H>> | null
}

export interface Match<H> {
  route: Route<H>
  values: readonly string[]
}

const SEGMENT = /^:([A-Za-z_][A-Za-z0-9_]*)(\?)?$/
const REST = /^\*([A-Za-z_][A-Za-z0-9_]*)?$/

/** All routes of a service. */
export class RouteTable<H> {
  readonly #root: Node<H> = newNode()
  readonly #fixed = new Map<string, Route<H>>()
  #count = 0

  get size(): number {
    return this.#count
  }

  /**
   * Adds a route; the later of two with the same method and pattern wins.
   *
   * @throws Error for a pattern that is none: a `*` or an optional parameter not at the end.
   */
  add(method: string, pattern: string, handler: H): Route<H> {
    const segments = pattern.split('/')
    const names: string[] = []
    for (const [i, segment] of segments.entries()) {
      const last = i === segments.length - 1
      const param = SEGMENT.exec(segment)
      const rest = REST.exec(segment)
      if (param) names.push(param[1]!)
      else if (rest) names.push(rest[1] ?? '*')
      if ((rest || param?.[2]) && !last) throw new Error(`"${segment}" may only stand at the end of a path`)
      if (segment.startsWith(':') && !param) throw new Error(`"${segment}" is no parameter; write :name`)
    }
    const last = segments.at(-1)!
    const route = { index: this.#count++, method, pattern, handler, names, takesRest: REST.test(last) }
    if (SEGMENT.exec(last)?.[2]) {
      this.#insert(segments.slice(0, -1), route)
      this.#insert([...segments.slice(0, -1), last.slice(0, -1)], route)
    } else this.#insert(segments, route)
    return route
  }

  /** The route for a request, or null. `methods` of {@link RouteTable.methods} tell why. */
  find(method: string, path: string): Match<H> | null {
    const fixed = this.#fixed.get(`${method} ${path}`)
    if (fixed) return { route: fixed, values: NONE }
    const values: string[] = []
    const route = walk(this.#root, path.split('/'), { at: 0, values, method })
    return route && { route, values }
  }

  /** Methods that have a route for the path, in alphabetical order. */
  methods(path: string): string[] {
    const found = new Set<string>()
    collect(this.#root, path.split('/'), 0, found)
    if (found.delete('*')) for (const method of METHODS) found.add(method)
    found.delete('WEBSOCKET')
    if (found.has('GET')) found.add('HEAD')
    return [...found].sort()
  }

  #insert(segments: readonly string[], route: Route<H>): void {
    let node = this.#root
    let plain = true
    for (const segment of segments) {
      if (REST.test(segment)) {
        node.rest ??= new Map()
        node.rest.set(route.method, route)
        return
      }
      if (SEGMENT.test(segment)) {
        plain = false
        node = node.param ??= newNode()
      } else {
        let next = node.fixed.get(segment)
        if (!next) node.fixed.set(segment, (next = newNode()))
        node = next
      }
    }
    node.ends ??= new Map()
    node.ends.set(route.method, route)
    if (plain && route.method !== '*') this.#fixed.set(`${route.method} ${segments.join('/') || '/'}`, route)
  }
}

/** What `all` stands for. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const NONE: readonly string[] = []

interface Walk {
  at: number
  values: string[]
  method: string
}

function walk<H>(node: Node<H>, segments: readonly string[], { at, values, method }: Walk): Route<H> | null {
  if (at === segments.length) return pick(node.ends, method)
  const segment = segments[at]!
  const next = { at: at + 1, values, method }
  const fixed =
    node.fixed.get(segment) ?? (segment.includes('%') ? node.fixed.get(decode(segment)) : undefined)
  const found = fixed && walk(fixed, segments, next)
  if (found) return found
  const held = values.length
  if (node.param && segment !== '') {
    values.push(decode(segment))
    const found = walk(node.param, segments, next)
    if (found) return found
    values.length = held
  }
  const rest = node.rest && pick(node.rest, method)
  if (rest) values.push(segments.slice(at).map(decode).join('/'))
  return rest
}

function collect<H>(node: Node<H>, segments: readonly string[], at: number, found: Set<string>): void {
  for (const method of (at === segments.length ? node.ends : node.rest)?.keys() ?? []) found.add(method)
  if (at === segments.length) return
  const fixed = node.fixed.get(segments[at]!) ?? node.fixed.get(decode(segments[at]!))
  if (fixed) collect(fixed, segments, at + 1, found)
  if (node.param && segments[at] !== '') collect(node.param, segments, at + 1, found)
}

function pick<H>(routes: Map<string, Route<H>> | null, method: string): Route<H> | null {
  if (!routes) return null
  const found = routes.get(method) ?? (method === 'HEAD' ? routes.get('GET') : undefined)
  return found ?? (method === 'WEBSOCKET' ? null : (routes.get('*') ?? null))
}

function newNode<H>(): Node<H> {
  return { fixed: new Map(), param: null, ends: null, rest: null }
}

/** Percent-decoding that leaves malformed text as it is. */
export function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
