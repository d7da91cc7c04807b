import { isIP, type Socket } from 'node:net'
import { callbackify } from 'node:util'
import type { Dispatcher, buildConnector as BuildConnector, request as Request } from 'undici'
import type { OutboundGuard } from './guard.ts'
import { httpErrors } from './http.errors.ts'

interface Wanted {
  proxy?: string
  insecure?: boolean
}

interface Connections extends AsyncDisposable {
  /** The pool of connections a request goes by. */
  for(wanted: Wanted): Promise<Dispatcher>
  /** Checks a host that a proxy will connect to. */
  check(target: URL): Promise<void>
  request: typeof Request
}

/** One service may hold so many connections to one host. */
const PER_ORIGIN = 32
const MAX_PROXIES = 8

/** Pools of connections, made when first needed: undici is large, and many services ask nobody. */
export function createConnections(guard: OutboundGuard): Connections {
  const pools = new Map<string, Dispatcher>()
  const undici = () => import('undici')

  async function connector(insecure: boolean): Promise<BuildConnector.connector> {
    const { buildConnector } = await undici()
    const connect = buildConnector({ rejectUnauthorized: !insecure, timeout: 10_000 })
    // The name is resolved here, once, and every address it has is checked; the certificate is still the name's.
    const reach = async (options: BuildConnector.Options): Promise<Socket> => {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80)
      const addresses = await guard.resolve(options.hostname, port)
      return firstOf(addresses, ({ address }) =>
        connected(connect, { ...options, ...nameOf(options), hostname: address }),
      )
    }
    return callbackify(reach) as unknown as BuildConnector.connector
  }

  async function make({ proxy, insecure = false }: Wanted): Promise<Dispatcher> {
    const { Agent, ProxyAgent } = await undici()
    const connect = await connector(insecure)
    const options = {
      connect,
      connections: PER_ORIGIN,
      bodyTimeout: 0,
      headersTimeout: 0,
      maxResponseSize: -1,
    }
    if (proxy === undefined) return new Agent(options)
    const uri = URL.parse(proxy)
    if (!uri || uri.protocol !== 'http:') {
      throw httpErrors.HTTP_OPTION_INVALID({
        option: 'proxy',
        expected: 'a URL such as http://proxy.example.com:3128',
      })
    }
    const [address] = await guard.resolve(uri.hostname, Number(uri.port) || 80)
    uri.hostname = address!.family === 6 ? `[${address!.address}]` : address!.address
    return new ProxyAgent({ uri: uri.href, requestTls: { rejectUnauthorized: !insecure } })
  }

  return {
    async for(wanted) {
      const key = `${wanted.insecure ? 'insecure' : 'secure'} ${wanted.proxy ?? ''}`
      const there = pools.get(key)
      if (there) return there
      if (pools.size > MAX_PROXIES) await closeAll(pools)
      const pool = await make(wanted)
      pools.set(key, pool)
      return pool
    },
    async check(target) {
      await guard.resolve(target.hostname, Number(target.port) || (target.protocol === 'https:' ? 443 : 80))
    },
    request: async (...args: Parameters<typeof Request>) => (await undici()).request(...args),
    [Symbol.asyncDispose]: () => closeAll(pools),
  } as Connections
}

async function closeAll(pools: Map<string, Dispatcher>): Promise<void> {
  const all = [...pools.values()]
  pools.clear()
  await Promise.all(all.map((pool) => pool.destroy()))
}

/** The name the certificate must be for; an address has none. */
function nameOf({ servername, hostname }: BuildConnector.Options): { servername?: string } {
  if (servername) return { servername }
  return isIP(hostname.replace(/^\[|\]$/g, '')) ? {} : { servername: hostname }
}

function connected(connect: BuildConnector.connector, options: BuildConnector.Options): Promise<Socket> {
  return new Promise((resolve, reject) =>
    connect(options, (...[error, socket]) => (error ? reject(error) : resolve(socket!))),
  )
}

/** One address after the other, until one is there. */
async function firstOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R> {
  let last: unknown
  for (const item of items) {
    try {
      return await work(item)
    } catch (error) {
      last = error
    }
  }
  throw last
}
