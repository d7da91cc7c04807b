import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import type { AddressInfo } from 'node:net'
import type { ProjectData } from '@m3m/data'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let server: SMTPServer
let folder: string
let variables: Record<string, unknown>
const received: (ParsedMail & { envelope: string[] })[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-smtp-'))
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'ada' && password === 'right'
        ? done(null, { user: 'ada' })
        : done(new Error('Bad sign-in')),
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody') ? new Error('No such mailbox') : undefined),
    onData: callbackify(async (stream: Readable, session: SMTPServerSession): Promise<void> => {
      const envelope = session.envelope.rcptTo.map(({ address }) => address)
      received.push(Object.assign(await simpleParser(stream), { envelope }))
    }),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  variables = { SMTP_HOST: '127.0.0.1', SMTP_PORT: port, SMTP_FROM: 'Service <service@example.com>' }
})
afterAll(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()))
  rmSync(folder, { recursive: true, force: true })
})

const dataWith = (values: Record<string, unknown>) =>
  ({ environment: { read: () => Promise.resolve({ values }) } }) as unknown as ProjectData
const prepare = () => Promise.resolve({ data: dataWith(variables), storagePath: folder })

describeRoom('smtp', { prepare })

async function run(code: string, change: Record<string, unknown> = {}) {
  received.length = 0
  await using service = await openTestService({
    storagePath: folder,
    data: dataWith({ ...variables, ...change }),
    code: `const code = async (call) => { try { return await call() } catch (error) { return error.code ?? String(error) } }; router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}

describe('smtp', () => {
  it('delivers every part of a message to a real server', async () => {
    await run(`
      await storage.write('files/photo.png', new Uint8Array([1, 2, 3]))
      await smtp.send({
        to: 'Ада <ada@example.com>, bob@example.com', cc: ['carol@example.com'], bcc: 'dave@example.com', from: 'me@example.com', replyTo: 'reply@example.com', subject: 'Привет 🙂', text: 'a text\\n.\\nend', html: '<b>html</b>',
        headers: { 'X-Trace': '7', Subject: 'not this' }, attachments: [{ filename: 'ё.txt', content: 'text' }, { filename: 'b.bin', content: new Uint8Array([0, 255]), contentType: 'application/x-test' }, { path: 'files/photo.png', cid: 'photo' }, { filename: 'c', content: 'AAE=', encoding: 'base64' }],
      })
      return 1`)
    const [mail] = received
    expect(mail!.envelope.toSorted()).toEqual([
      'ada@example.com',
      'bob@example.com',
      'carol@example.com',
      'dave@example.com',
    ])
    expect([
      mail!.subject,
      mail!.text,
      mail!.from!.text,
      mail!.replyTo!.text,
      mail!.headers.get('x-trace'),
      mail!.headers.get('bcc'),
    ]).toEqual(['Привет 🙂', 'a text\n.\nend', 'me@example.com', 'reply@example.com', '7', undefined])
    expect(
      mail!.attachments
        .toSorted((a, b) => (a.filename! < b.filename! ? 1 : -1))
        .map(({ filename, contentType, content }) => [filename, contentType, [...content]]),
    ).toEqual([
      ['ё.txt', 'text/plain', [...Buffer.from('text')]],
      ['photo.png', 'image/png', [1, 2, 3]],
      ['c', expect.any(String), [0, 1]],
      ['b.bin', 'application/x-test', [0, 255]],
    ])
    expect(mail!.html).toBe('<b>html</b>')
  })

  it('follows the original in the $ spelling, under all of its names', async () => {
    const answers = await run(`return [
      $mail.send('ada@example.com', 'Subject', 'Body', { reply_to: ['r@example.com'], cc: ['c@example.com'], attachments: [{ filename: 'a.bin', content: 'AAE=', content_type: 'application/x-a' }] }),
      $smtp.sendHTML('ada@example.com', 'HTML', '<i>x</i>'), $mail.send('nobody@example.com', 's', 'b'), $mail.send('not an address', 's', 'b'), $smtp.verify(),
    ]`)
    expect(answers).toMatchObject([
      { success: true },
      { success: true },
      { success: false, error: expect.stringContaining('No such mailbox') },
      { success: false, error: expect.stringContaining('not an address') },
      { success: true },
    ])
    expect(
      received.map((mail) => [
        mail.subject,
        mail.from!.text,
        mail.text?.trim(),
        mail.attachments[0]?.contentType,
      ]),
    ).toEqual([
      ['Subject', '"Service" <service@example.com>', 'Body', 'application/x-a'],
      ['HTML', '"Service" <service@example.com>', 'x', undefined],
    ])
  })

  it('signs in, and tells the server’s own words when it refuses', async () => {
    expect(await run(`return [await smtp.verify()]`, { SMTP_USER: 'ada', SMTP_PASS: 'right' })).toEqual([
      true,
    ])
    expect(
      await run(`return smtp.send('a@b.co', 's', 't').catch((error) => [error.code, error.message])`, {
        SMTP_USER: 'ada',
        SMTP_PASS: 'wrong',
      }),
    ).toEqual(['SMTP_FAILED', expect.stringContaining('Bad sign-in')])
    expect(await run(`return [await code(() => smtp.verify())]`, { SMTP_PORT: 1 })).toEqual(['SMTP_FAILED'])
    expect(
      await run(`return smtp.verify().catch((error) => [error.message])`, { SMTP_SECURITY: 'tls' }),
    ).toEqual([expect.stringContaining('does not begin with TLS; set the encryption to STARTTLS')])
  })

  it('says what is not configured, and reaches no other machine than the one that is', async () => {
    expect(
      await run(`return [await code(() => smtp.verify()), $smtp.send('a@b.co', 's', 't').success]`, {
        SMTP_HOST: '',
      }),
    ).toEqual(['SMTP_NOT_CONFIGURED', false])
    expect(await run(`return [await code(() => smtp.send('a@b.co', 's', 't'))]`, { SMTP_FROM: '' })).toEqual([
      'SMTP_NOT_CONFIGURED',
    ])
    expect(await run(`return [await code(() => smtp.verify())]`, { SMTP_PORT: 'x' })).toEqual([
      'SMTP_NOT_CONFIGURED',
    ])
    expect(await run(`return [await code(() => smtp.verify())]`, { SMTP_HOST: '169.254.169.254' })).toEqual([
      'OUTBOUND_REFUSED',
    ])
  })

  it('lets nobody smuggle headers, files or recipients', async () => {
    const answers = await run(`
      const ok = { to: 'a@b.co', subject: 's', text: 't' }
      return [
        await code(() => smtp.send({ ...ok, subject: 'x\\r\\nBcc: evil@example.com' })), await code(() => smtp.send({ ...ok, to: 'a@b.co\\nRCPT TO: <x@y.z>' })), await code(() => smtp.send({ ...ok, from: 'a@b.co\\r\\nX: y' })),
        await code(() => smtp.send({ ...ok, headers: { 'X-A': 'b\\r\\nBcc: c@d.e' } })), await code(() => smtp.send({ ...ok, headers: { 'X A': 'b' } })), await code(() => smtp.send({ ...ok, attachments: [{ path: '../../../etc/passwd' }] })),
        await code(() => smtp.send({ ...ok, attachments: [{ filename: 'x' , path: '/etc/passwd' }] })), await code(() => smtp.send({ ...ok, to: Array.from({ length: 101 }, (_, i) => 'a' + i + '@b.co') })), await code(() => smtp.send({ ...ok, to: [] })),
        await code(() => smtp.send({ ...ok, attachments: [{ filename: 'big', content: new Uint8Array(26 * 1024 * 1024) }] })), await code(() => smtp.send({ ...ok, text: { path: '/etc/passwd' } })), await code(() => smtp.send({ ...ok, html: { href: 'http://127.0.0.1' } })),
      ]`)
    const bad = 'SMTP_MESSAGE_INVALID'
    expect(answers).toEqual([
      bad,
      bad,
      bad,
      bad,
      bad,
      'STORAGE_PATH',
      'STORAGE_NOT_FOUND',
      bad,
      bad,
      'SMTP_TOO_LARGE',
      bad,
      bad,
    ])
    expect(received).toEqual([])
  })

  it('sends no message of which a part would be missing', async () => {
    const answers = await run(`
      const ok = { to: 'a@b.co', subject: 's', text: 't' }
      const told = (change) => smtp.send({ ...ok, ...change }).then(() => 'sent', (error) => error.message)
      return [
        await told({ subjct: 'x' }), await told({ attachments: { filename: 'a', content: 'b' } }), await told({ attachments: [{ filename: 'a.json', content: { a: 1 } }] }),
        await told({ text: 7, attachments: [{ filename: 'a', content: new Uint8Array([1, 2]).buffer }, { filename: 'b', content: new DataView(new Uint8Array([1, 2, 3]).buffer, 1) }] }),
        $mail.send({ ...ok, priority: 'high' }).success,
      ]`)
    expect(answers).toEqual([
      'The message\'s "subjct" must be left out, or be one of to, cc, bcc, from, replyTo, subject, text, html, headers, attachments.',
      expect.stringContaining('"attachments" must be a list'),
      expect.stringContaining('"attachments" must be objects with content (text, bytes, base64)'),
      'sent',
      true,
    ])
    expect(
      received.map(({ text, attachments }) => [text!.trim(), attachments.map(({ content }) => [...content])]),
    ).toEqual([
      [
        '7',
        [
          [1, 2],
          [2, 3],
        ],
      ],
      ['t', []],
    ])
  })
})
