import { describe, expect, it } from 'vitest'
import { createOrigins } from './origins.ts'
import type { Peer } from './peer.ts'

const origins = createOrigins({
  uri: () => 'https://panel.example.com',
  panelOrigins: ['http://127.0.0.1:5173'],
})
const from = (
  origin: string | undefined,
  host = '127.0.0.1:3000',
  protocol: Peer['protocol'] = 'http',
): Peer => ({
  address: '127.0.0.1',
  protocol,
  host,
  origin,
})

describe('the panel', () => {
  it.each(['http://127.0.0.1:3000', 'https://panel.example.com'])('is %s', (origin) => {
    expect(origins.isPanel(from(origin))).toBe(true)
    expect(origins.mayCall(from(origin))).toBe(true)
    expect(origins.corsOrigin(from(origin))).toBeNull()
  })

  it.each([
    'http://127.0.0.1:3001',
    'https://127.0.0.1:3000',
    'http://127.0.0.1',
    'http://localhost:3000',
    'http://127.0.0.1:3000.evil.test',
    'http://evil.test',
    'null',
    '',
  ])('is not %j', (origin) => {
    expect(origins.isPanel(from(origin))).toBe(false)
    expect(origins.mayCall(from(origin))).toBe(false)
    expect(origins.corsOrigin(from(origin))).toBeNull()
  })

  it('is not a request without an Origin, although programs may call', () => {
    expect(origins.isPanel(from(undefined))).toBe(false)
    expect(origins.mayCall(from(undefined))).toBe(true)
  })

  it('is not an empty Host', () => {
    expect(origins.isPanel(from('http://', ''))).toBe(false)
  })
})

it.each(['app://m3m', 'http://127.0.0.1:5173'])(
  '%s may call with a token and gets CORS, but is not the panel',
  (origin) => {
    expect(origins.isPanel(from(origin))).toBe(false)
    expect(origins.mayCall(from(origin))).toBe(true)
    expect(origins.corsOrigin(from(origin))).toBe(origin)
  },
)

it.each(['app://m3m.evil', 'app://other', 'http://127.0.0.1:51730'])('%s may not', (origin) => {
  expect(origins.mayCall(from(origin))).toBe(false)
})
