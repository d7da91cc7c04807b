import { join } from 'node:path'
import { ManualClock } from '@m3m/base'
import { expect, test } from 'vitest'
import type { AgentSession } from '../session/agent-session.ts'
import { testCertificates } from '../testing/certificates.ts'
import { healthyAgent, serveOnLoopback } from '../testing/servers.ts'
import { makeTempFolder } from '../testing/temp-folder.ts'
import { createAgentDesk } from './agent-desk.ts'
import { probeAgent } from './agent-probe.ts'
import { createAgentStatuses } from './agent-status.ts'
import { openAgentStore } from './agent-store.ts'
import { fingerprintOf } from './certificate-check.ts'

async function open() {
  const folder = await makeTempFolder()
  const store = await openAgentStore({ path: join(folder.path, 'agents.json') })
  const screen: string[] = []
  const session = {
    signedIn: () => false,
    signOut: async () => void screen.push('signed out'),
  } as unknown as AgentSession
  const desk = createAgentDesk({
    store,
    statuses: createAgentStatuses({ clock: new ManualClock(), onChange: () => {} }),
    probe: probeAgent,
    pages: {
      show: async (id, windowId) =>
        void screen.push(`show ${id === null ? 'home' : store.get(id).name} in ${windowId}`),
      close: async ({ name }) => void screen.push(`close ${name}`),
      renew: async (before, after) =>
        void screen.push(`renew ${before.fingerprint?.slice(0, 8)} ${after.fingerprint?.slice(0, 8)}`),
    },
    connect: () => session,
    disconnect: () => screen.push('disconnect'),
  })
  return { desk, store, screen, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

test('a self-signed agent is added only with the fingerprint a person saw, which is then pinned', async () => {
  await using env = await open()
  await using server = await serveOnLoopback(healthyAgent, testCertificates.first)
  const { url } = server
  await expect(env.desk.add({ url }, null)).rejects.toMatchObject({ code: 'DESKTOP_CERTIFICATE_UNKNOWN' })
  const other = fingerprintOf(testCertificates.second.cert)
  await expect(env.desk.add({ url, fingerprint: other }, null)).rejects.toMatchObject({
    code: 'DESKTOP_CERTIFICATE_CHANGED',
  })
  const fingerprint = fingerprintOf(testCertificates.first.cert)
  expect(await env.desk.add({ url, fingerprint }, 7)).toMatchObject({ fingerprint, name: new URL(url).host })
  expect(env.screen).toEqual([`show ${new URL(url).host} in 7`])
})

test('the same address is refused with the name it has', async () => {
  await using env = await open()
  await using server = await serveOnLoopback(healthyAgent)
  await env.desk.add({ url: server.url, name: 'mine' }, null)
  await expect(env.desk.add({ url: server.url }, null)).rejects.toMatchObject({ code: 'DESKTOP_AGENT_KNOWN' })
  expect((await env.desk.probe(server.url)).knownAs).toBe('mine')
})

test('plain http off this computer needs a confirmation', async () => {
  await using env = await open()
  const far = { url: 'http://192.0.2.1:3000' }
  const answer = { ...far, version: null, latencyMs: 1, certificate: null, plainHttpOffMachine: true }
  const desk = createAgentDesk({
    store: env.store,
    statuses: createAgentStatuses({ clock: new ManualClock(), onChange: () => {} }),
    probe: async () => answer,
    pages: { show: async () => {}, close: async () => {}, renew: async () => {} },
    connect: () => ({ signedIn: () => false }) as AgentSession,
    disconnect: () => {},
  })
  await expect(desk.add(far, null)).rejects.toMatchObject({ code: 'DESKTOP_PLAIN_HTTP' })
  expect(await desk.add({ ...far, allowPlainHttp: true }, null)).toMatchObject({ fingerprint: null })
})

test('signing out from the list ends the sign-in there and keeps the entry and its pages', async () => {
  await using env = await open()
  await using server = await serveOnLoopback(healthyAgent)
  const { id } = await env.desk.add({ url: server.url, name: 'mine' }, null)
  env.screen.length = 0
  expect(await env.desk.signOut(id)).toMatchObject({ id, signedIn: false })
  expect(env.screen).toEqual(['signed out'])
  await expect(env.desk.signOut('0'.repeat(24))).rejects.toMatchObject({ code: 'DESKTOP_AGENT_NOT_FOUND' })
})

test('removing signs out, forgets and closes its pages', async () => {
  await using env = await open()
  await using server = await serveOnLoopback(healthyAgent)
  const { id } = await env.desk.add({ url: server.url, name: 'mine' }, null)
  env.screen.length = 0
  await env.desk.remove(id)
  expect(env.screen).toEqual(['signed out', 'disconnect', 'close mine'])
  expect(env.desk.list()).toEqual([])
})

test('a changed certificate is pinned only with the fingerprint that the agent shows now', async () => {
  await using env = await open()
  const pinned = fingerprintOf(testCertificates.first.cert)
  const shown = fingerprintOf(testCertificates.second.cert)
  await using server = await serveOnLoopback(healthyAgent, testCertificates.second)
  const { id } = await env.store.add({ url: server.url, name: 'mine', color: null, fingerprint: pinned })
  await expect(env.desk.trust(id, 'a'.repeat(64))).rejects.toMatchObject({
    code: 'DESKTOP_CERTIFICATE_CHANGED',
  })
  expect(env.store.get(id).fingerprint).toBe(pinned)
  expect(await env.desk.trust(id, shown)).toMatchObject({ id, fingerprint: shown })
  expect(env.screen).toEqual(['disconnect', `renew ${pinned.slice(0, 8)} ${shown.slice(0, 8)}`])
})

test('favourites are kept with their agent, once each', async () => {
  await using env = await open()
  await using server = await serveOnLoopback(healthyAgent)
  const { id } = await env.desk.add({ url: server.url }, null)
  const tea = { projectId: 'b'.repeat(24), slug: 'tea', name: 'Tea' }
  await env.desk.setFavourite(id, tea, true)
  const entry = await env.desk.setFavourite(id, { ...tea, name: 'Green tea' }, true)
  expect(entry.favourites).toEqual([{ ...tea, name: 'Green tea', state: null }])
  expect((await env.desk.setFavourite(id, tea, false)).favourites).toEqual([])
})
