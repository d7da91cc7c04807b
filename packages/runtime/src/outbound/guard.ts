import { lookup as systemLookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { ALWAYS_REFUSED, rangeOf, unmapped } from './address.ts'
import { outboundErrors } from './outbound.errors.ts'

export interface Address {
  address: string
  family: number
}

export interface OutboundGuardOptions {
  /** What the operator allows: names of ranges, or subnets such as `10.1.0.0/16`. */
  allow?: readonly string[]
  /** Ports of the agent and its datastore on this machine: never reached, whatever is allowed. */
  ownPorts?: readonly number[]
  /** `host:port` of servers that are the agent's own (its MongoDB): never reached, whatever is allowed and by whatever name. */
  ownServers?: readonly string[]
  /** Hosts that root named for the project, and mail servers that its settings name: allowed where they are. */
  allowHosts?: readonly string[]
  /** For tests. */
  lookup?: (host: string) => Promise<Address[]>
}

/** Decides where services may connect to. */
export interface OutboundGuard {
  /**
   * The addresses of a host, all of them checked: connect to one of these and to nothing else, so that a name
   * cannot mean something else a moment later.
   * @throws OUTBOUND_REFUSED, OUTBOUND_UNKNOWN_HOST
   */
  resolve(host: string, port: number): Promise<Address[]>
}

/** Where an operator allows it; ranges that nobody can allow have no cure. */
const cureOf = (range: string, address: string) =>
  `; root may allow "${range}" or ${address} for this project in Settings, Outbound, or for all in Agent settings, Outbound (runtime.outboundAllow)`

const OWN_SERVERS_MS = 60_000

/** Reads the guard's settings from those of the runtime; anything malformed counts as absent. */
export function guardOptionsOf(settings: Readonly<Record<string, unknown>>): OutboundGuardOptions {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
  return {
    allow: list(settings['outboundAllow']).filter((item) => typeof item === 'string'),
    allowHosts: list(settings['outboundHosts']).filter((item) => typeof item === 'string'),
    ownPorts: list(settings['ownPorts']).filter((item) => typeof item === 'number'),
    ownServers: list(settings['ownServers']).filter((item) => typeof item === 'string'),
  }
}

/** Makes a guard for one project. */
export function createOutboundGuard(options: OutboundGuardOptions = {}): OutboundGuard {
  const { allow = [], ownPorts = [], ownServers = [], allowHosts = [], lookup = lookupAll } = options
  const subnets = subnetsOf(allow)
  const hosts = new Set(allowHosts.map((host) => host.toLowerCase()))
  let own: { servers: Promise<Set<string>>; untilMs: number } | undefined

  /** Looked up again each minute: a name that was unknown once may be known later. */
  function ownAddresses(): Promise<Set<string>> {
    if (!own || own.untilMs < Date.now())
      own = { servers: addressesOf(ownServers, lookup), untilMs: Date.now() + OWN_SERVERS_MS }
    return own.servers
  }

  function check(host: string, address: string, port: number): void {
    const plain = unmapped(address)
    const range = rangeOf(address)
    if (ownPorts.includes(port) && isOwn(plain)) refuse(host, address, 'port of this agent', '')
    if (range === null) return
    if (ALWAYS_REFUSED.includes(range)) refuse(host, address, range, '')
    if (hosts.has(host.toLowerCase()) || allow.includes(range)) return
    if (!subnets.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6'))
      refuse(host, address, range, cureOf(range, plain))
  }
  return {
    async resolve(host, port) {
      const bare = host.replace(/^\[|\]$/g, '')
      const addresses = isIP(bare) ? [{ address: bare, family: isIP(bare) }] : await lookup(bare)
      if (addresses.length === 0)
        throw outboundErrors.OUTBOUND_UNKNOWN_HOST({ host, reason: 'it has no address' })
      const servers = await ownAddresses()
      for (const { address } of addresses) {
        check(bare, address, port)
        if (servers.has(`${unmapped(address)} ${port}`)) refuse(bare, address, 'server of this agent', '')
      }
      return addresses
    },
  }
}

function refuse(host: string, address: string, range: string, cure: string): never {
  throw outboundErrors.OUTBOUND_REFUSED({ host, address, range, cure })
}

/** Where servers are, as `address port`; a name that is not known now cannot be reached either. */
async function addressesOf(
  servers: readonly string[],
  lookup: (host: string) => Promise<Address[]>,
): Promise<Set<string>> {
  const found = new Set<string>()
  for (const server of servers) {
    const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(server) ?? []
    const addresses = isIP(host) ? [{ address: host, family: 0 }] : await lookup(host).catch(() => [])
    for (const { address } of addresses) found.add(`${unmapped(address)} ${port}`)
  }
  return found
}

async function lookupAll(host: string): Promise<Address[]> {
  try {
    return await systemLookup(host, { all: true })
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw outboundErrors.OUTBOUND_UNKNOWN_HOST({ host, reason }, { cause: error })
  }
}

function subnetsOf(allow: readonly string[]): BlockList {
  const list = new BlockList()
  for (const item of allow) {
    const [address = '', bits] = item.split('/')
    const family = isIP(address)
    if (family === 0) continue
    list.addSubnet(address, Number(bits ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** Every address of this machine, loopback and "any" included. */
function isOwn(address: string): boolean {
  if (rangeOf(address) === 'loopback' || address === '0.0.0.0' || address === '::') return true
  return Object.values(networkInterfaces()).some((list) => list?.some((each) => each.address === address))
}
