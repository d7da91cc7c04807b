import { expect, test } from 'vitest'
import { testCertificates } from '../testing/certificates.ts'
import { healthyAgent, serveOnLoopback } from '../testing/servers.ts'
import { isPlainHttpOffMachine, probeAgent } from './agent-probe.ts'
import { fingerprintOf } from './certificate-check.ts'

test('an agent over http tells its version and has no certificate', async () => {
  await using server = await serveOnLoopback(healthyAgent)
  const probe = await probeAgent(server.url)
  expect(probe).toMatchObject({ version: '1.2.3', certificate: null, plainHttpOffMachine: false })
  expect(probe.latencyMs).toBeGreaterThanOrEqual(0)
})

test('a self-signed agent shows its fingerprint and is not called trusted', async () => {
  await using server = await serveOnLoopback(healthyAgent, testCertificates.first)
  const { certificate } = await probeAgent(server.url)
  expect(certificate).toMatchObject({
    fingerprint: fingerprintOf(testCertificates.first.cert),
    subject: 'm3m test first',
    trusted: false,
  })
  expect(certificate?.fingerprint).toMatch(/^[0-9a-f]{64}$/)
})

test('another kind of server is told from an agent', async () => {
  await using html = await serveOnLoopback((_request, response) => response.end('<h1>hello</h1>'))
  await expect(probeAgent(html.url)).rejects.toMatchObject({ code: 'DESKTOP_NOT_AN_AGENT' })
  await using long = await serveOnLoopback((_request, response) => response.end('x'.repeat(100_000)))
  await expect(probeAgent(long.url)).rejects.toMatchObject({ code: 'DESKTOP_AGENT_UNREACHABLE' })
})

test('an address where nobody listens, and a server that never answers, are unreachable', async () => {
  const gone = await serveOnLoopback(healthyAgent)
  await gone[Symbol.asyncDispose]()
  await expect(probeAgent(gone.url)).rejects.toMatchObject({ code: 'DESKTOP_AGENT_UNREACHABLE' })
  await using silent = await serveOnLoopback(() => {})
  await expect(probeAgent(silent.url, 200)).rejects.toMatchObject({ code: 'DESKTOP_AGENT_UNREACHABLE' })
})

test('plain http is harmless on this computer only', () => {
  for (const url of [
    'http://localhost:3000',
    'http://127.8.0.1:3000',
    'http://[::1]:3000',
    'https://example.com',
  ])
    expect(isPlainHttpOffMachine(url)).toBe(false)
  for (const url of [
    'http://192.168.1.5:3000',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
  ])
    expect(isPlainHttpOffMachine(url)).toBe(true)
})
