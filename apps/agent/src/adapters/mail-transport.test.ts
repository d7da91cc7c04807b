import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMailTransport } from './mail-transport.ts'

let plain: SMTPServer
let encrypted: SMTPServer
const received: ParsedMail[] = []

const start = async (options: object) => {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'm3m' && password === 'right'
        ? done(null, { user: 'm3m' })
        : done(new Error('Bad sign-in')),
    onData: callbackify(async (stream: Readable, _session: SMTPServerSession): Promise<void> => {
      received.push(await simpleParser(stream))
    }),
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

beforeAll(async () => {
  plain = await start({ disabledCommands: ['STARTTLS'] })
  encrypted = await start({})
})
afterAll(async () => {
  for (const server of [plain, encrypted]) await new Promise<void>((resolve) => server.close(() => resolve()))
})

const account = (server: SMTPServer, change: object = {}) => ({
  host: '127.0.0.1',
  port: (server.server.address() as AddressInfo).port,
  security: 'none' as const,
  user: '',
  from: 'm3m <m3m@example.com>',
  password: null,
  ...change,
})
const message = { to: ['ann@example.com'], subject: 'Служба упала', text: 'shop', html: '<b>shop</b>' }
const { send } = createMailTransport(() => ({}))

describe('mail of the agent', () => {
  it('arrives, with both texts and the answer of the server', async () => {
    const { response, accepted } = await send(account(plain, { user: 'm3m', password: 'right' }), message)
    expect([response.slice(0, 3), accepted]).toEqual(['250', ['ann@example.com']])
    expect(received.at(-1)).toMatchObject({
      subject: 'Служба упала',
      text: expect.stringContaining('shop'),
      html: expect.stringContaining('<b>shop</b>'),
    })
  })

  it('tells the words of a server that refuses', async () => {
    await expect(send(account(plain, { user: 'm3m', password: 'wrong' }), message)).rejects.toThrow(
      'Bad sign-in',
    )
  })

  it('is not sent in plain text where TLS was asked for', async () => {
    const before = received.length
    await expect(send(account(plain, { security: 'starttls' }), message)).rejects.toThrow()
    await expect(send(account(plain, { security: 'tls' }), message)).rejects.toThrow()
    expect(received).toHaveLength(before)
  })

  it('names no host in TLS for a project’s server that is an address', async () => {
    const project = { isOfProject: true as const, security: 'starttls' as const }
    await expect(send(account(encrypted, project), message)).rejects.toThrow(/certificate|self-signed/i)
  })

  it('is not sent to a server that cannot show who it is', async () => {
    await expect(send(account(encrypted, { security: 'starttls' }), message)).rejects.toThrow(
      /certificate|self-signed/i,
    )
  })
})
