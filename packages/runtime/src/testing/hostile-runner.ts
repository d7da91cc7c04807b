// A runner that breaks every rule, as a service that took its runner over would: for tests of the agent's side.
import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import { createFrameReader, encodeFrame, KIND, MAX_FROM_AGENT_BYTES } from '../frames/frame.ts'

const socket = new Socket({ fd: 3 })
socket.on('error', () => {})
const send = (frame: Parameters<typeof encodeFrame>[0]) => socket.write(encodeFrame(frame))

/** What to do with the request for a path. */
const tricks: Record<string, (run: number, stream: number) => void> = {
  '/ok': (run, stream) => answer(run, [stream, 200, 0, '{"ok":true}', -1, 0]),
  '/bad-status': (run, stream) => answer(run, [stream, 99, 0, '', -1, 0]),
  '/status-text': (run, stream) => answer(run, [stream, '200', 0, '', -1, 0]),
  '/early-hints': (run, stream) => answer(run, [stream, 103, 0, '', -1, 0]),
  '/split': (run, stream) => answer(run, [stream, 200, ['x', 'a\r\nset-cookie: m3m=1'], '', -1, 0]),
  '/bad-name': (run, stream) => answer(run, [stream, 200, ['x y', 'a'], '', -1, 0]),
  '/many-headers': (run, stream) =>
    answer(run, [stream, 200, Array.from({ length: 5000 }, () => 'x'), '', -1, 0]),
  '/odd-headers': (run, stream) => answer(run, [stream, 200, ['x'], '', -1, 0]),
  '/length': (run, stream) =>
    answer(run, [
      stream,
      200,
      ['content-length', '5', 'transfer-encoding', 'chunked', 'connection', 'upgrade'],
      'fine',
      -1,
      0,
    ]),
  '/body-object': (run, stream) => answer(run, [stream, 200, 0, { a: 1 }, -1, 0]),
  '/file': (run, stream) =>
    answer(run, [stream, 200, 3, '', -1, 0, { path: '../../../../../../etc/passwd' }]),
  '/longer': (run, stream) => promised(run, stream, 'HTTP/1.1 200 OK\r\n\r\nsmuggled'),
  '/shorter': (run, stream) => promised(run, stream, 'x'),
  '/bad-length': (run, stream) => answer(run, [stream, 200, 3, '', -1, 1, null, -5]),
  '/twice': (run, stream) => {
    answer(run, [stream, 200, 0, '{}', -1, 1])
    answer(run, [stream, 200, 0, '{}', -1, 1])
  },
  '/no-json': (run) => send({ kind: KIND.head, run, head: '[[[' }),
  '/no-stream': (run) => send({ kind: KIND.head, run, head: '{"a":1}' }),
  '/foreign': (_run, stream) => answer(77, [stream, 200, 0, '{"stolen":true}', -1, 0]),
  '/kind': (run, stream) => send({ kind: 99, run, stream }),
  '/chunk-first': (run, stream) => send({ kind: KIND.chunk, run, stream, bytes: Buffer.alloc(10) }),
  '/flood': (run, stream) => {
    answer(run, [stream, 200, 3, '', -1, 1])
    // More than two sockets can hold.
    for (let i = 0; i < 800; i++) send({ kind: KIND.chunk, run, stream, bytes: Buffer.alloc(64 * 1024) })
  },
  '/credit': (run, stream) => send({ kind: KIND.credit, run, stream, head: 'NaN' }),
  '/huge': () => void socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4])),
  '/garbage': () => void socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(100))),
  '/result': (run) => send({ kind: KIND.result, run, head: '[1.5,1,null]' }),
  '/figures': () => send({ kind: KIND.metric, run: 0, head: '{"cpuMs":"x"}' }),
  '/exit': () => process.exit(3),
  '/silent': () => {},
}

function answer(run: number, list: unknown[]): void {
  send({ kind: KIND.head, run, head: JSON.stringify(list) })
}

/** Says that four bytes come, and sends others. */
function promised(run: number, stream: number, sent: string): void {
  answer(run, [stream, 200, 3, '', -1, 1, null, 4])
  send({ kind: KIND.chunk, run, stream, bytes: Buffer.from(sent) })
  send({ kind: KIND.end, run, stream })
}

const read = createFrameReader(MAX_FROM_AGENT_BYTES, ({ kind, run, head }) => {
  if (kind === KIND.call)
    send({ kind: KIND.result, run, head: `[${(JSON.parse(head) as [number])[0]},1,null]` })
  if (kind !== KIND.request) return
  for (const [, stream, , url] of JSON.parse(`[${head}]`) as [number, number, string, string][])
    tricks[url]?.(run, stream)
})
socket.on('data', read)
socket.on('close', () => process.exit())
send({ kind: KIND.control, run: 0, head: '["ready"]' })
