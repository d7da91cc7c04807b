import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
beforeEach(async () => {
  test = await openTestCore('agent-settings')
  root = await test.root()
})
afterEach(() => test[Symbol.asyncDispose]())

const MAIL = {
  host: 'smtp.example.com',
  port: 465,
  security: 'tls' as const,
  user: 'm3m',
  from: 'm3m <m3m@example.com>',
}

describe('settings of the agent', () => {
  it('are those of config.yaml until root sets a section, and again when it is given back', async () => {
    const before = await root.agent.settings()
    expect(before).toMatchObject({
      revision: 0,
      proxies: { value: { trusted: [] }, source: { kind: 'default' } },
    })
    const set = await root.agent.updateSettings({ proxies: { trusted: ['10.0.0.0/8'] }, revision: 0 })
    expect(set.proxies).toMatchObject({
      value: { trusted: ['10.0.0.0/8'] },
      source: { kind: 'panel', by: 'root' },
      fallback: { trusted: [] },
    })
    expect(test.core.services.agentSettings.current().proxies.trusted).toEqual(['10.0.0.0/8'])
    const back = await root.agent.updateSettings({ proxies: null })
    expect(back.proxies).toEqual(before.proxies)
  })

  it('outlive a restart', async () => {
    await root.agent.updateSettings({ mail: { ...MAIL, password: 'hunter2' } })
    await using again = await test.restarted()
    expect(again.core.services.agentSettings.mailAccount()).toEqual({ ...MAIL, password: 'hunter2' })
  })

  it('are refused when somebody saved in between', async () => {
    await root.agent.updateSettings({ outbound: { allow: ['private'] }, revision: 0 })
    await expect(root.agent.updateSettings({ outbound: { allow: [] }, revision: 0 })).rejects.toMatchObject({
      cause: { code: 'AGENT_SETTINGS_CHANGED' },
    })
  })

  it.each([
    ['outbound', { outbound: { allow: ['lan'] } }],
    ['a range', { outbound: { allow: ['10.0.0.0/64'] } }],
    ['an octal address', { outbound: { allow: ['010.0.0.300'] } }],
    ['a proxy', { proxies: { trusted: ['proxy.example.com'] } }],
    ['a public address with a path', { address: { publicUri: 'https://example.com/m3m' } }],
    ['a javascript: address', { address: { publicUri: 'javascript:alert(1)' } }],
    ['a session without end', { sessions: { signInMinutes: 0, accessMinutes: 15 } }],
    ['an access token of an hour', { sessions: { signInMinutes: 60, accessMinutes: 60 } }],
    ['mail without a sender', { mail: { ...MAIL, from: '' } }],
    ['a sender of two lines', { mail: { ...MAIL, from: 'a@example.com\r\nBcc: b@example.com' } }],
    ['a check of nowhere', { updates: { check: true, feed: null } }],
    ['a feed of this machine', { updates: { check: true, feed: 'file:///etc/passwd' } }],
  ])('refuse %s', async (_name, input) => {
    await expect(root.agent.updateSettings(input as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('hold for the next sign-in at once', async () => {
    await root.agent.updateSettings({ sessions: { signInMinutes: 30, accessMinutes: 5 } })
    const { expiresAt } = await test
      .caller(null)
      .auth.login({ email: 'root@example.com', password: 'correct horse' })
    expect(Date.parse(expiresAt)).toBe(test.clock.now() + 5 * 60_000)
  })
})

describe('the password of the mail server', () => {
  const stored = async () => JSON.stringify(await test.store.control.collection('settings').find().toArray())

  it('is sealed at rest, never read back and in no audit entry', async () => {
    const view = await root.agent.updateSettings({ mail: { ...MAIL, password: 'hunter2' } })
    expect(view.hasMailPassword).toBe(true)
    expect(JSON.stringify(view) + (await stored())).not.toContain('hunter2')
    const [entry] = await root.audit.list({})
    expect(entry).toMatchObject({
      action: 'agent.updateSettings',
      before: { mail: { host: null } },
      after: { mail: { host: 'smtp.example.com' }, mailPassword: 'changed' },
    })
    expect(JSON.stringify(entry)).not.toContain('hunter2')
  })

  it('stays when it is left out, and goes with null', async () => {
    await root.agent.updateSettings({ mail: { ...MAIL, password: 'hunter2' } })
    expect((await root.agent.updateSettings({ mail: { ...MAIL, port: 587 } })).hasMailPassword).toBe(true)
    expect((await root.agent.updateSettings({ mail: { ...MAIL, password: null } })).hasMailPassword).toBe(
      false,
    )
  })

  it('is not sent to another host that somebody typed in', async () => {
    await root.agent.updateSettings({ mail: { ...MAIL, password: 'hunter2' } })
    await root.agent.updateSettings({ mail: { ...MAIL, host: 'evil.example.com' } })
    expect(test.core.services.agentSettings.mailAccount()).toMatchObject({
      host: 'evil.example.com',
      password: null,
    })
  })
})

describe('mail of the agent', () => {
  const send = (message: object = {}) =>
    test.core.services.mailer.send({ to: ['ops@example.com'], subject: 'Down', text: 'It is.', ...message })

  it('needs a mail server', async () => {
    expect(test.core.services.mailer.isConfigured()).toBe(false)
    await expect(root.agent.sendTestMail({ to: 'ann@example.com' })).rejects.toMatchObject({
      cause: { code: 'MAIL_NOT_CONFIGURED' },
    })
  })

  it('goes by the server that is set, with the answer of the server for a test', async () => {
    await root.agent.updateSettings({ mail: { ...MAIL, password: 'hunter2' } })
    expect(await root.agent.sendTestMail({ to: 'ann@example.com' })).toEqual({ response: '250 queued' })
    await send({ html: '<b>It is.</b>' })
    expect(test.mail.sent).toMatchObject([
      { account: { host: 'smtp.example.com', password: 'hunter2' }, message: { to: ['ann@example.com'] } },
      { message: { subject: 'Down', html: '<b>It is.</b>' } },
    ])
  })

  it('that is refused says so in the words of the server', async () => {
    await root.agent.updateSettings({ mail: MAIL })
    test.mail.refusal = '535 Authentication failed'
    await expect(root.agent.sendTestMail({ to: 'ann@example.com' })).rejects.toThrow(
      'The mail server smtp.example.com did not take the message: 535 Authentication failed.',
    )
  })

  it.each([
    ['no recipient', { to: [] }],
    ['a list in one recipient', { to: ['a@example.com, b@example.com'] }],
    ['a header in the subject', { subject: 'Hi\r\nBcc: b@example.com' }],
    ['a book', { text: 'x'.repeat(2_000_000) }],
  ])('with %s is refused', async (_name, message) => {
    await root.agent.updateSettings({ mail: MAIL })
    await expect(send(message)).rejects.toMatchObject({ code: 'MAIL_INVALID' })
    expect(test.mail.sent).toEqual([])
  })
})

describe('the check for updates', () => {
  const on = { check: true, feed: 'https://example.com/m3m.json' }

  it('fetches nothing unless it is on', async () => {
    await expect(root.agent.checkUpdates()).rejects.toMatchObject({ cause: { code: 'AGENT_UPDATES_OFF' } })
    test.clock.advance(48 * 60 * 60_000)
    expect(await root.agent.updates()).toEqual({
      current: '0.0.0',
      latest: null,
      isNewer: false,
      checkedAt: null,
      error: null,
    })
  })

  it('says what is announced, now and once a day', async () => {
    await root.agent.updateSettings({ updates: on })
    const now = await root.agent.checkUpdates()
    expect(now).toMatchObject({ latest: { version: '9.0.0' }, isNewer: true })
    test.clock.advance(6 * 60_000)
    await expect.poll(async () => (await root.agent.updates()).checkedAt).not.toBe(now.checkedAt)
  })
})
