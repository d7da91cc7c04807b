// Requests and mail as the original's scripts send them: to a server and a mailbox on loopback.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeTable, type Row } from './contract.suite.ts'

// Rows name the server by `BASE`: where it listens is known when they run.
const server = createServer(async (request, response) => {
  const url = new URL(request.url!, 'http://x')
  const body = await text(request)
  if (url.pathname === '/redirect') {
    response.writeHead(302, { location: url.searchParams.get('n') === '1' ? '/echo' : '/redirect?n=1' }).end()
  } else if (url.pathname === '/slow') request.on('close', () => {})
  else if (url.pathname === '/missing') response.writeHead(404).end('none')
  else if (url.pathname === '/plain')
    response.writeHead(200, { 'content-type': 'text/plain', 'x-many': ['a', 'b'] }).end('héllo')
  else {
    const { method, headers } = request
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ method, url: request.url, headers, body }))
  }
})
const mails: ParsedMail[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: ({ address }, _session, done) =>
    done(address.startsWith('nobody') ? new Error('No such mailbox') : undefined),
  onData: callbackify(async (stream: Readable) => void mails.push(await simpleParser(stream))),
})
const portOf = (it: { address(): AddressInfo | string | null }) => (it.address() as AddressInfo).port

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

/** A project that may ask loopback; `variables` stand in its environment. */
const prepare = (variables: () => Record<string, string>) => async () => {
  const store = await openTestDatabase('runtime-outside')
  const engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  const projectId = newId()
  const project = engine.project(projectId, { kind: 'operator', id: newId(), name: 'Ada' })
  await project.environment.save({
    variables: Object.entries({ BASE: `http://127.0.0.1:${portOf(server)}`, ...variables() }).map(
      ([key, value]) => ({ key, type: 'string' as const, value }),
    ),
  })
  const storagePath = await mkdtemp(join(tmpdir(), 'm3m-outside-'))
  return {
    projectId,
    storagePath,
    data: engine.project(projectId, { kind: 'service', source: 'release:1.0' }, { dates: 'date' }),
    goals: engine.goals,
    recordEvents: engine.events,
    settings: { outboundAllow: ['loopback'] },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await rm(storagePath, { recursive: true, force: true })
    },
  }
}

const HTTP = `var BASE = $env.get('BASE'); var sent = function (r) { return r.json() }`

const http: Row[] = [
  [
    'an answer: status, text of the status, body, json, text, base64',
    `(function (r) { return [r.status, r.statusText, r.body, r.text(), r.buffer(), r.json()] })($http.get(BASE + '/plain'))`,
    [200, 'OK', 'héllo', 'héllo', 'aMOpbGxv', null],
  ],
  [
    'headers: canonical names, the first value, found in any case',
    `(function (h) { return [h['Content-Type'], h['content-type'], h['X-Many'], Object.keys(h).indexOf('X-Many') >= 0] })($http.get(BASE + '/plain').headers)`,
    ['text/plain', 'text/plain', 'a', true],
  ],
  ['json', `$http.get(BASE + '/x?a=1').json().url`, '/x?a=1'],
  [
    'any status is an answer',
    `(function (r) { return [r.status, r.body] })($http.get(BASE + '/missing'))`,
    [404, 'none'],
  ],
  [
    'the methods',
    `[$http.get(BASE), $http.delete(BASE), $http.options(BASE), $http.post(BASE, {}), $http.put(BASE, {}), $http.patch(BASE, {})].map(function (r) { return r.json().method }).concat([$http.head(BASE).status])`,
    ['GET', 'DELETE', 'OPTIONS', 'POST', 'PUT', 'PATCH', 200],
  ],
  [
    'post: everything is JSON, a text too',
    `[{ a: 1 }, 'text', 5, null, [1]].map(function (body) { var r = sent($http.post(BASE, body)); return [r.body, r.headers['content-type']] })`,
    ['{"a":1}', '"text"', '5', 'null', '[1]'].map((body) => [body, 'application/json']),
  ],
  [
    'headers and a content type of one’s own',
    `(function (r) { return [r.headers['x-a'], r.headers['content-type'], r.body] })(sent($http.post(BASE, { a: 1 }, { headers: { 'X-A': 'b', 'Content-Type': 'application/vnd.x+json' } })))`,
    ['b', 'application/vnd.x+json', '{"a":1}'],
  ],
  [
    'basicAuth and bearerToken',
    `[$http.get(BASE, { basicAuth: { user: 'ann', pass: 'pw' } }), $http.get(BASE, { bearerToken: 't' })].map(function (r) { return sent(r).headers.authorization })`,
    ['Basic YW5uOnB3', 'Bearer t'],
  ],
  ['redirects are followed', `sent($http.get(BASE + '/redirect')).url`, '/echo'],
  [
    'followRedirects: false gives the redirect',
    `(function (r) { return [r.status, r.headers.Location] })($http.get(BASE + '/redirect', { followRedirects: false }))`,
    [302, '/redirect?n=1'],
  ],
  [
    'maxRedirects: more are a failure in the status',
    `(function (r) { return [r.status, /redirects more than 1/.test(r.statusText)] })($http.get(BASE + '/redirect', { maxRedirects: 1 }))`,
    [0, true],
  ],
  [
    'timeout: milliseconds; an answer of status 0',
    `(function (r) { return [r.status, /within 50 ms/.test(r.statusText), r.body, r.json(), r.text(), r.buffer()] })($http.get(BASE + '/slow', { timeout: 50 }))`,
    [0, true, '', null, '', ''],
  ],
  [
    'never throws: nobody listens, no address, another scheme, nothing',
    `['http://127.0.0.1:1/', 'not an address', 'ftp://x.y/', undefined, 'http://[::', 'http://no-such-host.invalid/'].map(function (url) { var r = $http.get(url); return [r.status, r.statusText.length > 10] })`,
    Array(6).fill([0, true]),
  ],
  [
    'postForm: multipart with fields and files',
    `(function (r) { return [r.headers['content-type'].indexOf('multipart/form-data; boundary=') === 0, /name="a"\\r\\n\\r\\n1\\r\\n/.test(r.body), /name="b"\\r\\n\\r\\ntwo\\r\\n/.test(r.body), /name="f"; filename="x.txt"[^]*hi\\r\\n/.test(r.body)] })(sent($http.postForm(BASE, { a: '1', b: { value: 'two' }, f: { filename: 'x.txt', content: 'aGk=' } })))`,
    [true, true, true, true],
  ],
  [
    'postFormURLEncoded',
    `(function (r) { return [r.headers['content-type'], r.body] })(sent($http.postFormURLEncoded(BASE, { a: '1&2', b: 'x' })))`,
    ['application/x-www-form-urlencoded', 'a=1%262&b=x'],
  ],
  [
    'download: the body is the path, and the file is there',
    `(function (r) { return [r.status, r.body, $storage.read('d/plain.txt')] })($http.download(BASE + '/plain', 'd/plain.txt'))`,
    [200, 'd/plain.txt', 'héllo'],
  ],
  [
    'download: saved whatever the status',
    `[$http.download(BASE + '/missing', 'd/none').status, $storage.read('d/none')]`,
    [404, 'none'],
  ],
  [
    'download: a failure is status 0, and nothing is saved',
    `[$http.download('http://127.0.0.1:1/', 'd/never').status, $storage.exists('d/never')]`,
    [0, false],
  ],
]

const mail: Row[] = [
  ['send: to, subject, body', `$mail.send('ann@example.com', 'Plain', 'Hello').success`, true],
  ['sendHTML', `$mail.sendHTML('ann@example.com', 'Html', '<b>Hi</b>').success`, true],
  [
    'send: options of the original',
    `$mail.send('ann@example.com', 'Rich', 'Text', { from: 'me@example.com', reply_to: ['back@example.com'], cc: ['cc@example.com'], bcc: ['bcc@example.com'], headers: { 'X-Mine': 'yes' }, attachments: [{ filename: 'a.txt', content: 'aGk=', content_type: 'text/plain' }, { filename: 'b.bin', content: 'AAE=' }] }).success`,
    true,
  ],
  ['$smtp is the same', `$smtp.send('ann@example.com', 'Same', 'x').success`, true],
  [
    'a refusal is told, not thrown',
    `(function (r) { return [r.success, /No such mailbox/.test(r.error)] })($mail.send('nobody@example.com', 's', 'b'))`,
    [false, true],
  ],
  [
    'what is no address is told, not thrown',
    `['', undefined, 'no address'].map(function (to) { var r = $mail.send(to, 's', 'b'); return [r.success, r.error.length > 10] })`,
    Array(3).fill([false, true]),
  ],
  [
    'a subject cannot add headers',
    `$mail.send('ann@example.com', 'Split\\r\\nBcc: evil@example.com', 'b').success`,
    false,
  ],
]

/** What the rows above brought to the mailbox. */
const received = ({ subject, from, to, cc, text, html, replyTo, headers, attachments }: ParsedMail) => ({
  subject,
  from: from?.text,
  to: [to].flat().map((each) => each?.text),
  ...(cc && { cc: [cc].flat().map((each) => each.text) }),
  ...(replyTo && { replyTo: replyTo.text }),
  body: (html === false ? text : html)?.trim(),
  ...(headers.has('x-mine') && { mine: headers.get('x-mine') }),
  ...(attachments.length > 0 && {
    attachments: attachments.map(({ filename, contentType, content }) => [
      filename,
      contentType,
      content.toString('hex'),
    ]),
  }),
})
const plain = { from: 'shop@example.com', to: ['ann@example.com'] }
const RECEIVED = [
  { ...plain, subject: 'Plain', body: 'Hello' },
  { ...plain, subject: 'Html', body: '<b>Hi</b>' },
  {
    ...plain,
    subject: 'Rich',
    body: 'Text',
    from: 'me@example.com',
    cc: ['cc@example.com'],
    replyTo: 'back@example.com',
    mine: 'yes',
    attachments: [
      ['a.txt', 'text/plain', '6869'],
      ['b.bin', 'application/octet-stream', '0001'],
    ],
  },
  { ...plain, subject: 'Same', body: 'x' },
]

const unset: Row[] = [
  [
    'without settings: what is missing is told, not thrown',
    `(function (r) { return [r.success, /SMTP_HOST/.test(r.error)] })($mail.send('a@b.co', 's', 'b'))`,
    [false, true],
  ],
]

describeTable('$http', http, { before: HTTP, prepare: prepare(() => ({})) })
describeTable('$mail', mail, {
  after: () => expect(mails.map(received)).toEqual(RECEIVED),
  prepare: prepare(() => ({
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(portOf(smtp.server)),
    SMTP_FROM: 'shop@example.com',
  })),
})
describeTable('$mail without settings', unset, { prepare: prepare(() => ({})) })
