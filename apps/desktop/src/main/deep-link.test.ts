import { expect, test } from 'vitest'
import { connectLinkIn, parseConnectLink } from './deep-link.ts'

const pin = 'ab'.repeat(32)

test('a link carries an address and may carry a fingerprint', () => {
  expect(parseConnectLink('m3m://connect?url=https%3A%2F%2Fhost%3A3000%2Fpath')).toEqual({
    url: 'https://host:3000',
    fingerprint: null,
  })
  const withColons = pin.toUpperCase().match(/../g)!.join(':')
  expect(parseConnectLink(`m3m://connect?url=https://host:3000&fingerprint=${withColons}`)).toEqual({
    url: 'https://host:3000',
    fingerprint: pin,
  })
})

test('a link that is not exactly that is nothing', () => {
  const links = [
    'm3m://start?url=https://host',
    'm3m://connect',
    'm3m://connect?url=file:///etc/passwd',
    'm3m://connect?url=https://user:password@host',
    'm3m://connect?url=https://host&fingerprint=short',
    'm3m://connect?url=https://host&token=secret',
    'm3m://connect?url=https://host&url=https://other',
    'https://connect?url=https://host',
    'nonsense',
  ]
  for (const link of links) expect([link, parseConnectLink(link)]).toEqual([link, null])
})

test('the link is found among the arguments of a process', () => {
  expect(connectLinkIn(['/usr/bin/m3m', '--flag', 'm3m://connect?url=http://127.0.0.1:3000'])?.url).toBe(
    'http://127.0.0.1:3000',
  )
  expect(connectLinkIn(['/usr/bin/m3m'])).toBeNull()
})
