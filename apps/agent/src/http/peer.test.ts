import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createPeerReader } from './peer.ts'

const PROXIES = ['127.0.0.1', '10.0.0.0/8', 'fd00::/8']
const NONE: string[] = []

const request = (remoteAddress: string, headers: IncomingHttpHeaders) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage

describe('behind trusted proxies', () => {
  const peerOf = createPeerReader(() => PROXIES)

  it('takes the nearest address that is no proxy, not what the client wrote', () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.1.1.1', host: 'inner:3000' }
    expect(peerOf(request('127.0.0.1', headers)).address).toBe('203.0.113.7')
  })

  it('takes protocol and host from the proxy', () => {
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'panel.example.com',
      host: 'inner:3000',
    }
    expect(peerOf(request('::ffff:10.2.3.4', headers))).toMatchObject({
      protocol: 'https',
      host: 'panel.example.com',
    })
    expect(peerOf(request('fd00::1', headers))).toMatchObject({ protocol: 'https' })
  })

  it('believes nobody else', () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      host: 'a:1',
      origin: 'http://a:1',
    }
    expect(peerOf(request('203.0.113.9', headers))).toEqual({
      address: '203.0.113.9',
      protocol: 'http',
      host: 'a:1',
      origin: 'http://a:1',
    })
  })

  it('falls back to the socket when the chain is nonsense', () => {
    expect(peerOf(request('127.0.0.1', { 'x-forwarded-for': ' , ' })).address).toBe('127.0.0.1')
  })
})

it('trusts no proxy by default', () => {
  const peerOf = createPeerReader(() => NONE)
  expect(peerOf(request('127.0.0.1', { 'x-forwarded-for': '6.6.6.6' })).address).toBe('127.0.0.1')
})
