import { expect, test } from 'vitest'
import { testCertificates } from '../testing/certificates.ts'
import { healthyAgent, serveOnLoopback } from '../testing/servers.ts'
import { probeAgent } from './agent-probe.ts'
import { discoverAgents } from './discover-agents.ts'

const portOf = ({ url }: { url: string }) => Number(new URL(url).port)

test('finds agents over http and https, and neither other servers nor those in the list', async () => {
  await using plain = await serveOnLoopback(healthyAgent)
  await using secure = await serveOnLoopback(healthyAgent, testCertificates.first)
  await using known = await serveOnLoopback(healthyAgent)
  await using other = await serveOnLoopback((_request, response) => void response.end('{"status":"ok"}'))
  const found = await discoverAgents({
    probe: probeAgent,
    known: [`http://localhost:${portOf(known)}`, 'https://agent.example.com'],
    ports: [plain, secure, known, other].map(portOf),
  })
  expect(found.map(({ url }) => url).toSorted()).toEqual([plain.url, secure.url].toSorted())
  expect(found.find(({ url }) => url === secure.url)?.certificate?.trusted).toBe(false)
})
