import { silentLogger } from '@m3m/base'
import { expect, test } from 'vitest'
import { HOME_METHODS, portInputs } from '../../shared/desktop-port.schema.ts'
import { desktopErrors } from '../desktop.errors.ts'
import { createPortCalls, type PortHandlers, type PortSender } from './port-calls.ts'

const home = { agentId: null, windowId: 1, startDrag: () => {}, download: () => {} }
const ours: PortSender = { frameUrl: 'app://m3m/projects', isMainFrame: true, page: home }

function open(handlers: Partial<PortHandlers>) {
  const all = Object.fromEntries(Object.keys(portInputs).map((method) => [method, () => method]))
  return createPortCalls({ ...all, ...handlers } as PortHandlers, silentLogger)
}

test('a call of our own page reaches its method with the checked argument', async () => {
  const call = open({ 'agents.probe': (input, page) => ({ input, page }) })
  expect(await call({ method: 'agents.probe', input: { url: 'https://host:3000/a/b' } }, ours)).toEqual({
    ok: true,
    value: { input: { url: 'https://host:3000' }, page: home },
  })
})

test('other pages, frames and origins are refused before anything is looked at', async () => {
  const call = open({})
  const senders: PortSender[] = [
    { ...ours, page: null },
    { ...ours, isMainFrame: false },
    { ...ours, frameUrl: 'https://evil.example.com/' },
    { ...ours, frameUrl: 'app://m3m.evil/' },
    { ...ours, frameUrl: '' },
  ]
  for (const sender of senders)
    expect(await call({ method: 'agents.list' }, sender)).toMatchObject({
      ok: false,
      error: { code: 'DESKTOP_SENDER_REFUSED' },
    })
})

test('unknown methods and wrong arguments are refused by name', async () => {
  const call = open({})
  const calls: unknown[] = [
    null,
    'agents.list',
    { method: 'constructor' },
    { method: '__proto__' },
    { method: 'agents.remove', input: { id: 'x' } },
    { method: 'agents.add', input: { url: 'file:///etc/passwd' } },
    { method: 'agents.add', input: { url: 'https://host', more: true } },
    { method: 'agents.list', input: {} },
    { method: 'files.save', input: { path: 'https://evil.example.com/files/a' } },
    { method: 'files.save', input: { path: '//evil.example.com/files/a' } },
    { method: 'files.save', input: { path: '/trpc/users.list' } },
  ]
  for (const one of calls)
    expect(await call(one, ours)).toMatchObject({ ok: false, error: { code: 'DESKTOP_CALL_INVALID' } })
})

test('a known error crosses with its code, any other as a bug without its text', async () => {
  const call = open({
    'agents.list': () => {
      throw desktopErrors.DESKTOP_AGENT_NOT_FOUND({ id: '1' })
    },
    'agents.probe': () => Promise.reject(new Error('secret path /home/me')),
  })
  expect(await call({ method: 'agents.list' }, ours)).toMatchObject({
    error: { code: 'DESKTOP_AGENT_NOT_FOUND', blame: 'user', status: 404 },
  })
  const bug = await call({ method: 'agents.probe', input: { url: 'https://host' } }, ours)
  expect(bug).toMatchObject({ error: { code: 'INTERNAL_BUG' } })
  expect(JSON.stringify(bug)).not.toContain('/home/me')
})

test('the page of an agent reaches nothing that concerns other agents or this computer', async () => {
  const call = open({})
  const page = { ...home, agentId: 'a'.repeat(24) }
  const inputs: Record<string, unknown> = {
    'agents.probe': { url: 'https://host' },
    'agents.add': { url: 'https://host' },
    'agents.update': { id: page.agentId },
    'agents.arrange': { agents: [] },
    'agents.trust': { id: page.agentId, fingerprint: 'a'.repeat(64) },
    'agents.remove': { id: page.agentId },
    'local.create': { email: 'a@b.c', password: 'x' },
    'local.setStartWithApp': { on: true },
    'app.setOpenAtLogin': { on: true },
    'app.setUpdateChannel': { channel: 'beta' },
  }
  for (const method of HOME_METHODS) {
    const input = inputs[method]
    expect(await call({ method, input }, { ...ours, page }), method).toMatchObject({
      ok: false,
      error: { code: 'DESKTOP_HOME_ONLY' },
    })
    expect(await call({ method, input }, ours), method).toMatchObject({ ok: true })
  }
  expect(await call({ method: 'agents.list' }, { ...ours, page })).toMatchObject({ ok: true })
})
