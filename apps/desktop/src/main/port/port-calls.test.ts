import { silentLogger } from '@m3m/base'
import { expect, test } from 'vitest'
import {
  HOME_METHODS,
  type PortInput,
  type PortMethod,
  portInputs,
} from '../../shared/desktop-port.schema.ts'
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

const agentId = 'a'.repeat(24)

/** One right argument of every method: a new method is not there until its argument is described and tried here. */
const RIGHT: { [M in PortMethod]: PortInput<M> } = {
  context: undefined,
  'agents.list': undefined,
  'agents.probe': { url: 'https://host:3000' },
  'agents.add': { url: 'https://host:3000', name: 'Host', allowPlainHttp: false },
  'agents.discover': undefined,
  'agents.update': { id: agentId, group: null },
  'agents.arrange': { agents: [{ id: agentId, group: 'Clients' }] },
  'agents.trust': { id: agentId, fingerprint: 'ab'.repeat(32) },
  'agents.signOut': { id: agentId },
  'agents.remove': { id: agentId },
  'agents.select': { id: null, add: true },
  'windows.open': { id: agentId },
  'favourites.set': { projectId: agentId, slug: 'tea', name: 'Tea', on: true },
  'files.dragOut': { projectId: agentId, path: 'a/b.txt' },
  'files.save': { path: '/files/storage/a?ticket=b' },
  'local.state': undefined,
  'local.create': { email: 'a@example.com', password: 'p' },
  'local.start': undefined,
  'local.stop': undefined,
  'local.log': undefined,
  'local.upgrade': undefined,
  'local.setStartWithApp': { on: true },
  'app.state': undefined,
  'app.setOpenAtLogin': { on: false },
  'app.setUpdateChannel': { channel: 'beta' },
  'app.checkForUpdate': undefined,
  'app.installUpdate': undefined,
  'session.signIn': { email: 'a@example.com', password: 'p' },
  'session.accessToken': { renew: true },
  'session.signOut': undefined,
}

/** What no method takes; and of a right argument each member as another kind of thing, and one member too many. */
function wrongArguments(right: unknown): unknown[] {
  const wrong: unknown[] = [null, 42, 'text', true, [], { surplus: 1 }, () => {}]
  if (typeof right !== 'object' || right === null) return [...wrong, {}]
  const members = Object.keys(right).flatMap((name) =>
    [Symbol('other'), { of: 'another kind' }, Number.NaN].map((other) => ({ ...right, [name]: other })),
  )
  return [...wrong, undefined, { ...right, surplus: 1 }, ...members]
}

test.each(Object.keys(portInputs) as PortMethod[])(
  '%s: only its own argument, only from our own page',
  async (method) => {
    let calls = 0
    const call = open({ [method]: () => calls++ })
    for (const input of wrongArguments(RIGHT[method]))
      expect(await call({ method, input }, ours)).toMatchObject({
        ok: false,
        error: { code: 'DESKTOP_CALL_INVALID' },
      })
    const strangers: Partial<PortSender>[] = [
      { page: null },
      { isMainFrame: false },
      { frameUrl: 'https://evil.example.com/' },
      { frameUrl: 'about:blank' },
      { frameUrl: 'file:///app/index.html' },
    ]
    for (const stranger of strangers)
      expect(await call({ method, input: RIGHT[method] }, { ...ours, ...stranger })).toMatchObject({
        ok: false,
        error: { code: 'DESKTOP_SENDER_REFUSED' },
      })
    expect(calls).toBe(0)
    expect(await call({ method, input: RIGHT[method] }, ours)).toMatchObject({ ok: true })
    expect(calls).toBe(1)
  },
)

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
  const page = { ...home, agentId }
  for (const method of HOME_METHODS) {
    const input = RIGHT[method as PortMethod]
    expect(await call({ method, input }, { ...ours, page }), method).toMatchObject({
      ok: false,
      error: { code: 'DESKTOP_HOME_ONLY' },
    })
    expect(await call({ method, input }, ours), method).toMatchObject({ ok: true })
  }
  expect(await call({ method: 'agents.list' }, { ...ours, page })).toMatchObject({ ok: true })
})
