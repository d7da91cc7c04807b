import { expect, test } from 'vitest'
import { testCertificates } from '../testing/certificates.ts'
import { checkCertificate, fingerprintOf } from './certificate-check.ts'

const url = 'https://agent.example.com:3000'
const fingerprint = fingerprintOf(testCertificates.first.cert)
const shows = (pem: string, hostname = 'agent.example.com') => ({ hostname, pem })

test('a pinned agent is believed with exactly its certificate', () => {
  expect(checkCertificate(shows(testCertificates.first.cert), { url, fingerprint })).toBe('accept')
  expect(checkCertificate(shows(testCertificates.second.cert), { url, fingerprint })).toBe('refuse')
})

test('without a pin, and for other hosts, the system decides', () => {
  expect(checkCertificate(shows(testCertificates.first.cert), { url, fingerprint: null })).toBe('default')
  expect(checkCertificate(shows(testCertificates.first.cert, 'evil.example.com'), { url, fingerprint })).toBe(
    'default',
  )
})

test('an IPv6 agent is recognised by the address Chromium names without brackets', () => {
  const agent = { url: 'https://[::1]:3000', fingerprint }
  expect(checkCertificate(shows(testCertificates.second.cert, '::1'), agent)).toBe('refuse')
})
