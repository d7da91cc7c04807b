import { expect, test } from 'vitest'
import { isPermitted } from './permission-rule.ts'

test('a page may copy, and that of an agent may reach a private address: where agents are', () => {
  const reach = ['local-network-access', 'local-network', 'loopback-network']
  for (const permission of reach) {
    expect(isPermitted(permission, { hasAgent: true }), permission).toBe(true)
    expect(isPermitted(permission, { hasAgent: false }), permission).toBe(false)
  }
  for (const hasAgent of [true, false])
    expect(isPermitted('clipboard-sanitized-write', { hasAgent })).toBe(true)
})

test.each([
  'clipboard-read',
  'geolocation',
  'media',
  'notifications',
  'openExternal',
  'fileSystem',
  'usb',
  'unknown',
])('%s is denied', (permission) => expect(isPermitted(permission, { hasAgent: true })).toBe(false))
