import type { RouteFigures } from './supervisor.options.ts'

/** Bounds of the latency classes in ms: each 1.25 times the one before, from 0.1 ms to over a minute. */
const BOUNDS = Array.from({ length: 62 }, (_, i) => 0.1 * 1.25 ** i)

interface Counter {
  method: string
  pattern: string
  hits: number
  errors: number
  classes: Uint32Array
}

/** Counts hits, errors and latency of one run by route pattern. */
export class RouteCounters {
  readonly #routes = new Map<number, Counter>()
  readonly #most: number
  requests = 0
  errors = 0
  /** Answers of 2xx, 3xx, 4xx and 5xx. */
  readonly statusClasses: [number, number, number, number] = [0, 0, 0, 0]
  /** Of bodies and of messages on sockets; heads are not counted. */
  bytesIn = 0
  bytesOut = 0
  /** Of all routes together, unknown ones included. */
  readonly latencyClasses: number[] = Array.from({ length: BOUNDS.length + 1 }, () => 0)

  /** @param most routes kept; a service may register no more. */
  constructor(most: number) {
    this.#most = most
  }

  /** A route was registered. False when there are too many: the runner should have refused. */
  register(index: number, method: string, pattern: string): boolean {
    if (this.#routes.size > this.#most) return false
    this.#routes.set(index, {
      method,
      pattern,
      hits: 0,
      errors: 0,
      classes: new Uint32Array(BOUNDS.length + 1),
    })
    return true
  }

  /** The pattern of a route, `/users/:id`; null for an index that is none. */
  patternOf(index: number): string | null {
    return this.#routes.get(index)?.pattern ?? null
  }

  /**
   * The route of a request that the service never answered; -1 when none fits. The service itself knows it and says so with
   * its answer: this is for what timed out or fell with its process, and need only be right where patterns do not overlap oddly.
   */
  routeOf(method: string, path: string): number {
    const names = path.split('/')
    let best = -1
    let most = -1
    for (const [index, route] of this.#routes) {
      if (route.method !== method && route.method !== 'ALL' && !(method === 'HEAD' && route.method === 'GET'))
        continue
      const fixed = fixedNames(route.pattern.split('/'), names)
      if (fixed > most) [best, most] = [index, fixed]
    }
    return best
  }

  count(route: number, status: number, latencyMs: number): void {
    this.requests++
    const failed = status >= 500
    if (failed) this.errors++
    // 101 of a socket counts with 2xx: it went well.
    this.statusClasses[Math.min(3, Math.max(0, Math.floor(status / 100) - 2))]!++
    const latencyClass = classOf(latencyMs)
    this.latencyClasses[latencyClass]!++
    const counter = this.#routes.get(route)
    if (!counter) return
    counter.hits++
    if (failed) counter.errors++
    counter.classes[latencyClass]!++
  }

  transferred(bytesIn: number, bytesOut: number): void {
    this.bytesIn += bytesIn
    this.bytesOut += bytesOut
  }

  figures(): RouteFigures[] {
    return [...this.#routes.values()].map(({ method, pattern, hits, errors, classes }) => ({
      method,
      pattern,
      hits,
      errors,
      p50Ms: percentile(classes, 0.5),
      p95Ms: percentile(classes, 0.95),
    }))
  }
}

/** How many names of a path a pattern gives word for word; -1 when it does not fit. */
function fixedNames(pattern: readonly string[], names: readonly string[]): number {
  let fixed = 0
  for (const [at, part] of pattern.entries()) {
    if (part.startsWith('*')) return fixed
    if (at >= names.length) return part.endsWith('?') && at === names.length ? fixed : -1
    if (part.startsWith(':') ? names[at] === '' : part !== names[at]) return -1
    if (!part.startsWith(':')) fixed++
  }
  return pattern.length === names.length ? fixed : -1
}

function classOf(latencyMs: number): number {
  if (latencyMs <= BOUNDS[0]!) return 0
  return Math.min(BOUNDS.length, Math.ceil(Math.log(latencyMs / 0.1) / Math.log(1.25)))
}

function percentile(classes: Uint32Array, share: number): number {
  let total = 0
  for (const count of classes) total += count
  if (total === 0) return 0
  let seen = 0
  for (const [i, count] of classes.entries()) {
    seen += count
    if (seen >= total * share) return Number((BOUNDS[Math.min(i, BOUNDS.length - 1)] ?? 0).toFixed(2))
  }
  return 0
}
