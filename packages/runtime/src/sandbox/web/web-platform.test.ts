// The web's classes in a real isolate: what code written for browsers and workers relies on.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestService, type TestService } from '../../module/testing.ts'

let service: TestService
beforeAll(async () => {
  service = await openTestService({
    code: `
      const evaluate = (0, eval)
      router.post('/', async (ctx) => {
        try { return JSON.stringify(await evaluate('(async () => {' + ctx.body + '})()')) ?? 'undefined' }
        catch (error) { return 'thrown ' + error.name + ': ' + error.message }
      })`,
  })
})
afterAll(() => service[Symbol.asyncDispose]())

async function run(code: string): Promise<unknown> {
  const { body } = await service.request('POST', '/', { body: code, headers: ['content-type', 'text/plain'] })
  return body === 'undefined' || body.startsWith('thrown ') ? body : (JSON.parse(body) as unknown)
}

const CASES: [what: string, code: string, expected: unknown][] = [
  [
    'a stream is read by a loop',
    `let out = ''; for await (const part of new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close() } })) out += part; return out`,
    'ab',
  ],
  [
    'a writer waits for the sink',
    `const order = []; const w = new WritableStream({ async write(x) { await 0; order.push(x) } }, new CountQueuingStrategy({ highWaterMark: 1 })).getWriter()
     w.write(1); order.push(w.desiredSize); await w.ready; await w.close(); return order`,
    [0, 1],
  ],
  [
    'a byte stream fills the reader’s own buffer',
    `const r = new Blob(['hello']).stream().getReader({ mode: 'byob' }); const { value } = await r.read(new Uint8Array(3)); return [...value]`,
    [104, 101, 108],
  ],
  [
    'a transform changes what passes',
    `const upper = new TransformStream({ transform: (c, t) => t.enqueue(c.toUpperCase()) }); const s = ReadableStream.from(['a', 'b']).pipeThrough(upper); return await Array.fromAsync(s)`,
    ['A', 'B'],
  ],
  [
    'text is decoded across chunks',
    `return await Array.fromAsync(ReadableStream.from([Uint8Array.of(0xd0), Uint8Array.of(0xbf)]).pipeThrough(new TextDecoderStream()))`,
    ['п'],
  ],
  [
    'a surrogate pair is encoded across chunks',
    `return (await Array.fromAsync(ReadableStream.from(['\\ud83d', '\\ude00']).pipeThrough(new TextEncoderStream()))).map((b) => [...b])`,
    [[240, 159, 152, 128]],
  ],
  ...(['gzip', 'deflate', 'deflate-raw'] as const).map((format): [string, string, unknown] => [
    `${format} is compressed and read again`,
    `const small = await new Response(new Blob(['hello '.repeat(1000)]).stream().pipeThrough(new CompressionStream('${format}'))).bytes()
     const back = await new Response(new Blob([small]).stream().pipeThrough(new DecompressionStream('${format}'))).text(); return [small.length < 100, back.length]`,
    [true, 6000],
  ]),
  [
    'what is not gzip is a TypeError',
    `return await new Response(new Blob(['nonsense']).stream().pipeThrough(new DecompressionStream('gzip'))).text()`,
    expect.stringMatching(/^thrown TypeError/),
  ],
  ...(['gzip', 'deflate'] as const).map((format): [string, string, unknown] => [
    `${format} that was damaged, cut off or followed by something is a TypeError`,
    `const small = await new Response(new Blob(['hello '.repeat(1000)]).stream().pipeThrough(new CompressionStream('${format}'))).bytes()
     const read = (bytes, step) => new Response(ReadableStream.from(Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.slice(i * step, (i + 1) * step))).pipeThrough(new DecompressionStream('${format}'))).text().then((text) => text.length, (error) => error.name)
     const changed = small.with(small.length - 2, small.at(-2) ^ 1)
     return [await read(small, 1), await read(small, 3), await read(changed, 3), await read(small.slice(0, -1), 5), await read(new Uint8Array([...small, 0]), 7), await read(new Uint8Array(0), 1)]`,
    [6000, 6000, 'TypeError', 'TypeError', 'TypeError', 'TypeError'],
  ]),
  [
    'what a sender compressed is read, whatever its length',
    `const read = async (base64) => (await new Response(new Blob([Uint8Array.fromBase64(base64)]).stream().pipeThrough(new DecompressionStream('gzip'))).bytes()).length
     return [await read('${gzipSync(Buffer.alloc(200_000, 'abc')).toString('base64')}'), await read('${gzipSync('').toString('base64')}')]`,
    [200_000, 0],
  ],
  [
    'an unknown format is a TypeError',
    `new CompressionStream('zip')`,
    expect.stringMatching(/^thrown TypeError: The format "zip"/),
  ],
  [
    'old encodings are decoded, whole and in parts',
    `const parts = (label, ...chunks) => { const d = new TextDecoder(label); return chunks.map((c) => d.decode(Uint8Array.from(c), { stream: true })).join('') + d.decode() }
     return [parts('windows-1251', [0xcf, 0xf0, 0xe8]), parts('gbk', [0xc4], [0xe3]), parts('shift_jis', [0x82], [0xa0, 0x82], [0xa2]), parts('latin1', [0x80]), new TextDecoder('CP1251').encoding, parts('utf-16be', [0], [65])]`,
    ['При', '你', 'あい', '€', 'windows-1251', 'A'],
  ],
  [
    'an unknown encoding is a RangeError',
    `new TextDecoder('nope')`,
    expect.stringMatching(/^thrown RangeError/),
  ],
  [
    'malformed bytes are refused when fatal',
    `new TextDecoder('windows-1253', { fatal: true }).decode(Uint8Array.of(0xaa))`,
    expect.stringMatching(/^thrown TypeError/),
  ],
  [
    'base64 refuses as the web does',
    `try { atob('a') } catch (e) { return [e.name, e.code, e instanceof DOMException, e instanceof Error] }`,
    ['InvalidCharacterError', 5, true, true],
  ],
  [
    'a pattern of URLs has groups',
    `return new URLPattern({ pathname: '/users/:id' }).exec('https://x.y/users/7').pathname.groups.id`,
    '7',
  ],
  [
    'a buffer is moved, not copied',
    `const a = new ArrayBuffer(8), c = structuredClone({ a }, { transfer: [a] }); return [a.byteLength, c.a.byteLength]`,
    [0, 8],
  ],
  [
    'what cannot be cloned says so',
    `try { structuredClone({ f() {} }) } catch (e) { return [e.name, e.code] }`,
    ['DataCloneError', 25],
  ],
  [
    'headers and kin cannot be cloned, blobs can',
    `const b = await structuredClone(new File(['x'], 'n')).text(); try { structuredClone(new Headers()) } catch (e) { return [b, e.name] }`,
    ['x', 'DataCloneError'],
  ],
  [
    'ports pass messages in order',
    `const { port1, port2 } = new MessageChannel(), got = []; port1.postMessage(1); port1.postMessage({ a: 2 }); await new Promise((r) => { port2.onmessage = (e) => { got.push(e.data); if (got.length === 2) r() } }); return got`,
    [1, { a: 2 }],
  ],
  [
    'the first of many signals aborts, followers of followers too',
    `const a = new AbortController(), s = AbortSignal.any([AbortSignal.any([a.signal]), new AbortController().signal]); a.abort('x'); return [s.aborted, s.reason]`,
    [true, 'x'],
  ],
  [
    'all signals are aborted before any event',
    `const a = new AbortController(), s = AbortSignal.any([a.signal]); let seen; a.signal.onabort = () => { seen = s.aborted }; a.abort(); return seen`,
    true,
  ],
  [
    'a follower takes the reason of what was aborted first, also when nobody looked meanwhile',
    `const a = new AbortController(), b = new AbortController(), s = AbortSignal.any([a.signal, b.signal]); b.abort('b'); a.abort('a'); return [s.reason, AbortSignal.any([s, a.signal]).reason]`,
    ['b', 'b'],
  ],
  [
    'a follower hears each abort once, and not what it was told to forget',
    `const a = new AbortController(), s = AbortSignal.any([a.signal]), t = AbortSignal.any([a.signal, s]), seen = []
     const gone = () => seen.push('gone'); s.addEventListener('abort', gone); s.addEventListener('abort', () => seen.push('s')); s.removeEventListener('abort', gone)
     t.onabort = () => seen.push('t'); a.abort(); a.abort(); return seen`,
    ['s', 't'],
  ],
  [
    'a listener with a signal goes when a follower of that signal is aborted',
    `const a = new AbortController(), target = new EventTarget(); let count = 0
     target.addEventListener('x', () => count++, { signal: AbortSignal.any([a.signal]) }); target.dispatchEvent(new Event('x')); a.abort(); target.dispatchEvent(new Event('x')); return count`,
    1,
  ],
  [
    'a time-out has a name and a number',
    `return await new Promise((r) => { const s = AbortSignal.timeout(5); s.onabort = () => r([s.reason.name, s.reason.code]) })`,
    ['TimeoutError', 23],
  ],
  ['a time below zero is refused', `AbortSignal.timeout(-1)`, expect.stringMatching(/^thrown TypeError/)],
  [
    'events know capture, once, passive, stop and their phase',
    `const t = new EventTarget(), seen = []
     t.addEventListener('x', () => seen.push('bubble')); t.addEventListener('x', (e) => seen.push('capture', e.eventPhase, e.target === t), { capture: true })
     t.addEventListener('x', (e) => e.preventDefault(), { passive: true }); t.addEventListener('x', { handleEvent() { seen.push('object') } }, { once: true })
     const e = new Event('x', { cancelable: true }); seen.push(t.dispatchEvent(e), t.dispatchEvent(e), e.eventPhase, e.target === t); return seen`,
    ['capture', 2, true, 'bubble', 'object', 'capture', 2, true, 'bubble', true, true, 0, true],
  ],
  [
    'a signal takes a listener away',
    `const t = new EventTarget(), c = new AbortController(); let n = 0; t.addEventListener('x', () => n++, { signal: c.signal }); t.dispatchEvent(new Event('x')); c.abort(); t.dispatchEvent(new Event('x')); return n`,
    1,
  ],
  [
    'a listener that throws keeps nobody from hearing',
    `const t = new EventTarget(); let heard = 0, told; const hear = (e) => { told = e.message; e.preventDefault() }; addEventListener('error', hear); t.addEventListener('x', () => { throw new Error('boom') }); t.addEventListener('x', () => heard++); t.dispatchEvent(new Event('x')); removeEventListener('error', hear); return [heard, told]`,
    [1, 'boom'],
  ],
  [
    'a form is sent and read again',
    `const f = new FormData(); f.append('a', '1'); f.append('a', 'zwei'); f.append('f', new File(['abc'], 'na"me.txt', { type: 'text/plain' })); const r = new Response(f), g = await r.formData()
     return [/^multipart\\/form-data; boundary=/.test(r.headers.get('content-type')), g.getAll('a'), g.get('f').name, g.get('f').type, await g.get('f').text(), [...g.keys()]]`,
    [true, ['1', 'zwei'], 'na"me.txt', 'text/plain', 'abc', ['a', 'a', 'f']],
  ],
  [
    'a request is cloned and read once',
    `const r = new Request('https://a.b/c?d', { method: 'post', body: '{"a":1}' }), c = r.clone(); const got = [r.method, await c.json(), await r.text(), r.bodyUsed]; try { await r.text() } catch (e) { got.push(e.name) } return got`,
    ['POST', { a: 1 }, '{"a":1}', true, 'TypeError'],
  ],
  [
    'a request takes the body of another away',
    `const a = new Request('https://a.b', { method: 'POST', body: 'x' }), b = new Request(a); return [a.bodyUsed, await b.text()]`,
    [true, 'x'],
  ],
  [
    'responses refuse what no response is',
    `const no = []; for (const make of [() => new Response('x', { status: 204 }), () => new Response('', { status: 600 }), () => Response.redirect('https://a.b', 200), () => new Response('', { statusText: '\\n' })]) try { make(); no.push('made') } catch (e) { no.push(e.name) } return no`,
    ['TypeError', 'RangeError', 'RangeError', 'TypeError'],
  ],
  [
    'the error response has status 0',
    `return [Response.error().status, Response.error().type, Response.json([1]).headers.get('content-type'), new Response().type]`,
    [0, 'error', 'application/json', 'default'],
  ],
  [
    'a body is teed, and locked while it is read',
    `const r = new Response('xy'), [a, b] = r.body.tee(); return [r.bodyUsed, r.body.locked, await new Response(a).text(), await new Response(b).text()]`,
    [false, true, 'xy', 'xy'],
  ],
  [
    'headers are sorted, joined, and cookies stay apart',
    `const h = new Headers([['b', '2'], ['a', ' 1 '], ['A', '3'], ['set-cookie', 'x'], ['set-cookie', 'y']]); return [...h]`,
    [
      ['a', '1, 3'],
      ['b', '2'],
      ['set-cookie', 'x'],
      ['set-cookie', 'y'],
    ],
  ],
  [
    'headers refuse what cannot be sent',
    `const no = []; for (const bad of [[['a']], 'text', null, { 'a b': '1' }, { a: '\\u0416' }, { a: 'x\\ny' }]) try { new Headers(bad); no.push('made') } catch (e) { no.push(e.name) } return no`,
    Array(6).fill('TypeError'),
  ],
  [
    'classes look as the web’s do',
    `return [Object.prototype.toString.call(new Headers()), Object.keys(URLSearchParams.prototype).includes('append'), Headers.name, fetch.name, fetch.length, String(new Headers()[Symbol.iterator]()), Headers.prototype.entries === Headers.prototype[Symbol.iterator]]`,
    ['[object Headers]', true, 'Headers', 'fetch', 1, '[object Headers Iterator]', true],
  ],
  [
    'a data: URL is fetched',
    `const r = await fetch('data:text/plain;charset=utf-8;base64,aGk='); return [await r.text(), r.headers.get('content-type')]`,
    ['hi', 'text/plain;charset=utf-8'],
  ],
  [
    'buffers are transferred',
    `const b = new ArrayBuffer(4), t = b.transfer(2); return [b.byteLength, b.detached, t.byteLength, typeof b.resize]`,
    [0, true, 2, 'undefined'],
  ],
  [
    'blobs are sliced from both ends',
    `return [await new Blob(['hello']).slice(-3, -1).text(), new Blob(['a'], { type: 'A/B' }).type, (await new Blob(['a', new Uint8Array([98]), new Blob(['c'])]).arrayBuffer()).byteLength]`,
    ['ll', 'a/b', 3],
  ],
  [
    'marks are measured',
    `performance.mark('a'); const m = performance.measure('m', 'a'); return [m.entryType, m.duration >= 0, performance.getEntriesByName('a').length, performance.timeOrigin > 1e12]`,
    ['measure', true, 1, true],
  ],
  [
    'the origin of a blob is its page’s',
    `return ['blob:https://a.b:8443/x', 'blob:nothing', 'blob:file:///x', 'data:,x'].map((text) => new URL(text).origin)`,
    ['https://a.b:8443', 'null', 'null', 'null'],
  ],
  ['code learns where it runs', `return [navigator.userAgent, self === globalThis]`, ['m3m', true]],
]

test.for(CASES)('%s', async ([, code, expected]) => {
  expect(await run(code)).toEqual(expected)
})

// WinterTC, "Minimum Common Web Platform API", the list of interfaces and globals.
const MINIMUM =
  `AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey
  CustomEvent DecompressionStream DOMException ErrorEvent Event EventTarget File FormData Headers MessageChannel MessageEvent MessagePort
  Performance PromiseRejectionEvent ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
  ReadableStreamDefaultController ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder
  TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams WebAssembly WritableStream
  WritableStreamDefaultController WritableStreamDefaultWriter globalThis self atob btoa clearTimeout clearInterval console crypto fetch
  navigator performance queueMicrotask reportError setTimeout setInterval structuredClone`.split(/\s+/)

test('everything of the Minimum Common Web API is there, but for what the reference names', async () => {
  const absent = await run(
    `return ${JSON.stringify(MINIMUM)}.filter((name) => typeof globalThis[name] === 'undefined')`,
  )
  expect(absent).toEqual(['WebAssembly'])
})

test('a signal that lives as long as the service keeps nothing of those joined with it, nor of requests that ended', async () => {
  await using small = await openTestService({
    limits: { memoryMb: 24 },
    code: `
      const stop = new AbortController()
      router.get('/join', () => { for (let i = 0; i < 20_000; i++) AbortSignal.any([stop.signal, new AbortController().signal]).aborted })
      router.get('/listen', () => {
        for (let i = 0; i < 20_000; i++) {
          const both = AbortSignal.any([stop.signal]), heard = () => i
          both.addEventListener('abort', heard); both.removeEventListener('abort', heard)
        }
      })
      router.get('/target', () => { for (let i = 0; i < 20_000; i++) { const target = new EventTarget(), heard = () => i; target.addEventListener('x', heard, { signal: stop.signal, once: true }); target.dispatchEvent(new Event('x')) } })
      router.get('/fetch', async () => { for (let i = 0; i < 2_000; i++) await (await fetch('data:,' + i, { signal: stop.signal })).text() })`,
  })
  // Kept, each of these would be more than the memory there is.
  for (const path of ['/join', '/listen', '/target', '/fetch'])
    for (let i = 0; i < 15; i++) expect((await small.get(path)).status).toBe(204)
})
