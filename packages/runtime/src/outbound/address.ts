import { BlockList, isIP } from 'node:net'

/** Kinds of addresses a service may not reach by itself, by the names an operator allows them with. */
export const RANGES = [
  'loopback',
  'private',
  'cgnat',
  'multicast',
  'link-local',
  'metadata',
  'reserved',
] as const
type Range = (typeof RANGES)[number]

/** Never allowed, whatever the operator says: credentials of cloud machines are answered there. */
export const ALWAYS_REFUSED: readonly Range[] = ['link-local', 'metadata', 'reserved']

// IANA special-purpose address registries (IPv4: RFC 6890 and updates; IPv6: RFC 6890, 4193, 4291, 6052, 8215).
const TABLE: Record<Range, { v4: string[]; v6: string[] }> = {
  metadata: {
    v4: ['169.254.169.254/32', '169.254.170.2/32', '100.100.100.200/32', '192.0.0.192/32'],
    v6: ['fd00:ec2::254/128'],
  },
  'link-local': { v4: ['169.254.0.0/16'], v6: ['fe80::/10', 'fec0::/10'] },
  loopback: { v4: ['127.0.0.0/8'], v6: ['::1/128'] },
  private: { v4: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], v6: ['fc00::/7'] },
  cgnat: { v4: ['100.64.0.0/10'], v6: [] },
  multicast: { v4: ['224.0.0.0/4'], v6: ['ff00::/8'] },
  reserved: {
    v4: [
      '0.0.0.0/8',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
    ],
    v6: ['::/128', '100::/64', '2001:db8::/32', '2001::/23', '3fff::/20', '5f00::/16'],
  },
}

const lists = new Map<Range, BlockList>()
for (const range of [
  'metadata',
  'link-local',
  'loopback',
  'private',
  'cgnat',
  'multicast',
  'reserved',
] as const) {
  const list = new BlockList()
  for (const subnet of TABLE[range].v4) addSubnet(list, subnet, 'ipv4')
  for (const subnet of TABLE[range].v6) addSubnet(list, subnet, 'ipv6')
  lists.set(range, list)
}

function addSubnet(list: BlockList, subnet: string, family: 'ipv4' | 'ipv6'): void {
  const [address, bits] = subnet.split('/') as [string, string]
  list.addSubnet(address, Number(bits), family)
}

/** The range an address belongs to; null for one of the open internet. */
export function rangeOf(address: string): Range | null {
  const plain = unmapped(address)
  const family = isIP(plain)
  if (family === 0) return 'reserved'
  for (const [range, list] of lists) if (list.check(plain, family === 4 ? 'ipv4' : 'ipv6')) return range
  return null
}

/** IPv4 in the coats of IPv6: mapped (::ffff:0:0/96), compatible (::/96), NAT64 (64:ff9b::/96), 6to4 (2002::/16). */
export function unmapped(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(bare) !== 6) return bare
  const words = wordsOf(bare)
  const high = words.slice(0, 6).join(':')
  const v4 = (one: number, other: number) => [one >> 8, one & 255, other >> 8, other & 255].join('.')
  const isCoat = high === '0:0:0:0:0:65535' || high === '100:65435:0:0:0:0'
  const isCompatible = high === '0:0:0:0:0:0' && (words[6]! > 0 || words[7]! > 1)
  if (isCoat || isCompatible) return v4(words[6]!, words[7]!)
  return words[0] === 0x2002 ? v4(words[1]!, words[2]!) : bare
}

function wordsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address
  const [head = '', tail] = text.split('::')
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((word) => parseInt(word, 16)))
  const before = parse(head)
  const after = tail === undefined ? [] : parse(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
