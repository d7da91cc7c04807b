import net from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize, type Document } from 'bson'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type RunningServer } from '../process/start-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'm3m-legacy-'))
let server: RunningServer
beforeAll(async () => {
  server = await startServer({
    folder,
    dataDatabase: 'm3m_data',
    tcp: { port: 0, user: 'm3m', password: 'a good password' },
  })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('OP_QUERY, which drivers before 2017 speak', () => {
  test.each<[string, Document]>([
    ['as it is', { isMaster: 1 }],
    ['in $query', { $query: { isMaster: 1 }, $readPreference: { mode: 'primary' } }],
    ['in query', { query: { ismaster: 1 } }],
  ])('a hello is answered: %s', async (_name, command) => {
    await using client = await dial(socketPath())
    expect(await client.ask(opQuery('admin.$cmd', command))).toMatchObject({
      flags: 8,
      document: { ok: 1, ismaster: true },
    })
  })

  test('a command is refused by its name, and the connection stays', async () => {
    await using client = await dial(socketPath())
    expect(await client.ask(opQuery('m3m.$cmd', { count: 'things' }))).toMatchObject({
      document: { ok: 0, code: 352, errmsg: expect.stringContaining('count') },
    })
    expect(await client.ask(opQuery('admin.$cmd', { buildInfo: 1 }))).toMatchObject({ document: { ok: 1 } })
  })

  test('a query on a collection fails as such drivers expect, whatever it asks', async () => {
    await using client = await dial(socketPath())
    for (const filter of [{}, { insert: 'things' }, { hello: 1 }]) {
      expect(await client.ask(opQuery('m3m.things', filter))).toMatchObject({
        flags: 2,
        document: { code: 352, $err: expect.stringContaining('find') },
      })
    }
  })
})

describe('a login that failed', () => {
  test.each<[string, Document[]]>([
    [
      'without its first step',
      [{ saslContinue: 1, conversationId: 1, payload: Buffer.from('c=biws,r=x,p=eA==') }],
    ],
    [
      'with a wrong proof',
      [
        { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload: Buffer.from('n,,n=m3m,r=mine') },
        { saslContinue: 1, conversationId: 1, payload: Buffer.from('c=biws,r=mine,p=eA==') },
      ],
    ],
  ])('opens nothing: %s', async (_name, steps) => {
    await using client = await dial({ port: server.port! })
    let last: Answer | null = null
    for (const step of steps) last = await client.ask(opQuery('admin.$cmd', step))
    expect(last?.document).toMatchObject({ ok: 0, code: 18 })
    expect((await client.ask(opMsg({ listDatabases: 1, $db: 'admin' }))).document).toMatchObject({
      ok: 0,
      code: 13,
    })
  })
})

interface Answer {
  /** OP_REPLY's flags; null of OP_MSG. */
  flags: number | null
  document: Document
}

const socketPath = () => ({ path: decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(server.uri)![1]!) })

async function dial(to: net.NetConnectOpts) {
  const socket = net.connect(to)
  await once(socket, 'connect')
  return {
    /** Sends one message and reads the one that answers it. */
    async ask(message: Buffer): Promise<Answer> {
      socket.write(message)
      const parts: Buffer[] = []
      for (let bytes = Buffer.alloc(0); ; bytes = Buffer.concat(parts)) {
        if (bytes.length >= 4 && bytes.length >= bytes.readInt32LE(0)) return read(bytes)
        const [part] = (await once(socket, 'data')) as [Buffer]
        parts.push(part)
      }
    },
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  }
}

function read(message: Buffer): Answer {
  const isReply = message.readInt32LE(12) === 1
  return {
    flags: isReply ? message.readInt32LE(16) : null,
    document: deserialize(message.subarray(isReply ? 36 : 21)),
  }
}

function opQuery(namespace: string, document: Document): Buffer {
  const name = Buffer.from(`${namespace}\0`)
  const counts = Buffer.alloc(8)
  counts.writeInt32LE(-1, 4)
  return message(2004, [Buffer.alloc(4), name, counts, serialize(document)])
}

const opMsg = (document: Document): Buffer => message(2013, [Buffer.alloc(5), serialize(document)])

function message(opCode: number, parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.alloc(16)
  head.writeInt32LE(16 + body.length, 0)
  head.writeInt32LE(1, 4)
  head.writeInt32LE(opCode, 12)
  return Buffer.concat([head, body])
}
