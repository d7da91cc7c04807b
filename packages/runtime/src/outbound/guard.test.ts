import { describe, expect, it, vi } from 'vitest'
import { rangeOf, unmapped } from './address.ts'
import { createOutboundGuard, guardOptionsOf } from './guard.ts'

const code = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    await work()
    return 'allowed'
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}

describe('addresses', () => {
  it('are told apart by the registries of IANA, in every coat', () => {
    const cases: [string, string | null][] = [
      ['8.8.8.8', null],
      ['2606:4700::1111', null],
      ['127.0.0.1', 'loopback'],
      ['127.255.255.254', 'loopback'],
      ['::1', 'loopback'],
      ['10.1.2.3', 'private'],
      ['172.31.0.1', 'private'],
      ['172.32.0.1', null],
      ['192.168.0.1', 'private'],
      ['fd12::1', 'private'],
      ['100.64.0.1', 'cgnat'],
      ['100.128.0.1', null],
      ['169.254.169.254', 'metadata'],
      ['169.254.1.1', 'link-local'],
      ['fe80::1', 'link-local'],
      ['fe80::1%eth0', 'link-local'],
      ['fd00:ec2::254', 'metadata'],
      ['100.100.100.200', 'metadata'],
      ['0.0.0.0', 'reserved'],
      ['::', 'reserved'],
      ['255.255.255.255', 'reserved'],
      ['224.0.0.1', 'multicast'],
      ['ff02::1', 'multicast'],
      ['192.0.2.1', 'reserved'],
      ['2001:db8::1', 'reserved'],
      ['::ffff:127.0.0.1', 'loopback'],
      ['::ffff:7f00:1', 'loopback'],
      ['::ffff:a9fe:a9fe', 'metadata'],
      ['64:ff9b::10.0.0.1', 'private'],
      ['64:ff9b::808:808', null],
      ['2002:c0a8:0101::', 'private'],
      ['::127.0.0.1', 'loopback'],
      ['nonsense', 'reserved'],
    ]
    for (const [address, range] of cases) expect([address, rangeOf(address)]).toEqual([address, range])
    expect(unmapped('::ffff:1.2.3.4')).toBe('1.2.3.4')
  })
})

describe('the guard', () => {
  const lookup = (addresses: string[]) => () =>
    Promise.resolve(addresses.map((address) => ({ address, family: 4 })))

  it('refuses a name when only one of its addresses is wrong, and gives what was checked', async () => {
    const mixed = createOutboundGuard({ lookup: lookup(['8.8.8.8', '10.0.0.1']) })
    expect(await code(() => mixed.resolve('mixed.example', 80))).toBe('OUTBOUND_REFUSED')
    const good = createOutboundGuard({ lookup: lookup(['8.8.8.8', '9.9.9.9']) })
    expect(await good.resolve('good.example', 80)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '9.9.9.9', family: 4 },
    ])
    expect(await code(() => createOutboundGuard({ lookup: lookup([]) }).resolve('empty.example', 80))).toBe(
      'OUTBOUND_UNKNOWN_HOST',
    )
    expect(await code(() => createOutboundGuard().resolve('nosuch.invalid', 80))).toBe(
      'OUTBOUND_UNKNOWN_HOST',
    )
  })

  it('follows what an operator allows, but never to metadata, its own ports or its own servers', async () => {
    const options = {
      allow: ['loopback', 'link-local', 'metadata', '10.1.0.0/16', '192.168.1.7', 'fd12::/16'],
      ownPorts: [3000],
      ownServers: ['10.1.0.5:27017', '[fd12::5]:27017', 'db.example:27018'],
    }
    const guard = createOutboundGuard({
      ...options,
      lookup: (host) =>
        Promise.resolve([
          { address: host === 'db.example' || host === 'alias.example' ? '10.1.0.9' : '8.8.8.8', family: 4 },
        ]),
    })
    const answers: [string, number, string][] = [
      ['127.0.0.1', 8080, 'allowed'],
      ['127.0.0.1', 3000, 'OUTBOUND_REFUSED'],
      ['[::1]', 3000, 'OUTBOUND_REFUSED'],
      ['169.254.169.254', 80, 'OUTBOUND_REFUSED'],
      ['10.1.2.3', 80, 'allowed'],
      ['10.2.0.1', 80, 'OUTBOUND_REFUSED'],
      ['192.168.1.7', 80, 'allowed'],
      ['192.168.1.8', 80, 'OUTBOUND_REFUSED'],
      ['[fd12::1]', 80, 'allowed'],
      ['10.1.0.5', 27017, 'OUTBOUND_REFUSED'],
      ['10.1.0.5', 80, 'allowed'],
      ['[fd12::5]', 27017, 'OUTBOUND_REFUSED'],
      ['alias.example', 27018, 'OUTBOUND_REFUSED'],
      ['::ffff:10.1.0.5', 27017, 'OUTBOUND_REFUSED'],
      ['8.8.8.8', 3000, 'allowed'],
    ]
    for (const [host, port, answer] of answers)
      expect([host, port, await code(() => guard.resolve(host, port))]).toEqual([host, port, answer])
  })

  it('names the range and where it is allowed, but no cure for what is never', async () => {
    const words = async (host: string, options = {}) =>
      createOutboundGuard(options)
        .resolve(host, 80)
        .catch((error: Error) => error.message)
    expect(await words('10.1.2.3')).toBe(
      '"10.1.2.3" (10.1.2.3) is a private address, which services may not reach; root may allow "private" or ' +
        '10.1.2.3 for this project in Settings, Outbound, or for all in Agent settings, Outbound (runtime.outboundAllow).',
    )
    expect(await words('169.254.169.254')).toMatch(/metadata address, which services may not reach\.$/)
    expect(await words('127.0.0.1', { allow: ['loopback'], ownPorts: [80] })).toMatch(/port of this agent/)
  })

  it('looks for its own servers again when a name was unknown', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const known = new Set<string>()
    const guard = createOutboundGuard({
      allow: ['private'],
      ownServers: ['db.example:27017'],
      lookup: async (host) => {
        if (!known.has(host)) throw new Error('ENOTFOUND')
        return [{ address: '10.1.0.9', family: 4 }]
      },
    })
    expect(await code(() => guard.resolve('10.1.0.9', 27017))).toBe('allowed')
    known.add('db.example')
    vi.setSystemTime(Date.now() + 61_000)
    expect(await code(() => guard.resolve('10.1.0.9', 27017))).toBe('OUTBOUND_REFUSED')
    vi.useRealTimers()
  })

  it('lets a mail server be where the settings say, and takes malformed settings as none', async () => {
    expect(await code(() => createOutboundGuard({ allowHosts: ['10.9.9.9'] }).resolve('10.9.9.9', 25))).toBe(
      'allowed',
    )
    expect(
      await code(() =>
        createOutboundGuard({ allowHosts: ['169.254.169.254'] }).resolve('169.254.169.254', 25),
      ),
    ).toBe('OUTBOUND_REFUSED')
    expect(guardOptionsOf({ outboundAllow: 'all', ownPorts: [1, 'x'], ownServers: null })).toEqual({
      allow: [],
      allowHosts: [],
      ownPorts: [1],
      ownServers: [],
    })
  })
})
