// What authors of workers reach for, each as a case: a name, what it does, what must come of it.
const bytes = (text) => new TextEncoder().encode(text)
const textOf = (stream) => new Response(stream).text()
const thrown = async (fn) => {
  try {
    await fn()
    return 'nothing'
  } catch (error) {
    return error.name
  }
}
const cases = {
  'Request: a copy with another method and headers': async () => {
    const first = new Request('https://a.b/x?y=1', { method: 'POST', body: 'z', headers: { a: '1' } })
    const next = new Request(first, { headers: { b: '2' } })
    return [
      next.method,
      next.url,
      next.headers.get('a'),
      next.headers.get('b'),
      await next.text(),
      first.bodyUsed,
    ]
  },
  'Request: methods are normalized, and refused': async () => [
    new Request('https://a.b', { method: 'post' }).method,
    await thrown(() => new Request('https://a.b', { method: 'TRACE' })),
    await thrown(() => new Request('https://a.b', { method: 'GET', body: 'x' })),
    await thrown(() => new Request('/relative')),
  ],
  'Response: static makers': async () => [
    await Response.json({ a: 1 }, { status: 201 }).json(),
    Response.redirect('https://a.b/', 301).headers.get('location'),
    Response.error().type,
    await thrown(() => Response.redirect('https://a.b', 200)),
    await thrown(() => new Response('x', { status: 204 })),
    await thrown(() => new Response('x', { status: 99 })),
  ],
  'Response: a body is read once, a clone again': async () => {
    const r = new Response('body')
    const c = r.clone()
    return [
      await r.text(),
      r.bodyUsed,
      await thrown(() => r.text()),
      await c.text(),
      await thrown(() => r.clone()),
    ]
  },
  'Headers: case, order, joining, cookies apart': () => {
    const h = new Headers([
      ['B', '1'],
      ['a', '2'],
      ['b', '3'],
      ['Set-Cookie', 'x=1'],
      ['set-cookie', 'y=2'],
    ])
    h.append('c', ' 4 ')
    h.delete('A')
    return [[...h], h.getSetCookie(), h.get('B'), h.has('c')]
  },
  'Headers: what is no header': async () => [
    await thrown(() => new Headers({ 'a b': '1' })),
    await thrown(() => new Headers({ a: 'b\nc' })),
    await thrown(() => new Headers([['a']])),
  ],
  'URL and URLSearchParams': () => {
    const u = new URL('../x?a=1#h', 'https://u:p@ex.com:8080/y/z')
    u.searchParams.append('b', 'c d')
    u.port = ''
    return [
      u.href,
      u.origin,
      URL.canParse('x:'),
      URL.parse('no') === null,
      new URL('https://münchen.de/ß').href,
    ]
  },
  URLPattern: () => {
    const p = new URLPattern({ pathname: '/books/:id(\\d+)' })
    return [
      p.exec('https://x.y/books/12').pathname.groups.id,
      p.test('https://x.y/books/a'),
      new URLPattern('/a/*', 'https://x.y').test('https://x.y/a/b'),
    ]
  },
  'FormData of every kind': async () => {
    const f = new FormData()
    f.append('a', '1')
    f.append('a', '2')
    f.set('file', new File(['x'], 'n.txt', { type: 'text/plain', lastModified: 5 }))
    const again = await new Response(f).formData()
    const file = again.get('file')
    return [
      again.getAll('a'),
      file.name,
      file.type,
      await file.text(),
      [...again.keys()],
      await (await new Response(new URLSearchParams('q=1')).formData()).get('q'),
    ]
  },
  'Blob: slices, types, streams': async () => {
    const b = new Blob(['héllo', new Uint8Array([33]), new Blob(['!'])], { type: 'Text/Plain' })
    return [
      b.size,
      b.type,
      await b.slice(0, 3).text(),
      (await b.arrayBuffer()).byteLength,
      (await b.bytes()).length,
      await textOf(b.stream()),
    ]
  },
  'streams: tee, cancel, errors': async () => {
    const [one, two] = ReadableStream.from(['a', 'b']).tee()
    let why
    const cancelled = new ReadableStream({
      cancel(reason) {
        why = reason
      },
    })
    await cancelled.cancel('enough')
    const broken = new ReadableStream({
      start(c) {
        c.error(new RangeError('bad'))
      },
    })
    const all = []
    for await (const part of one) all.push(part)
    return [all, (await two.getReader().read()).value, why, await thrown(() => broken.getReader().read())]
  },
  'streams: backpressure': async () => {
    let pulled = 0
    const source = new ReadableStream(
      {
        pull(c) {
          pulled++
          c.enqueue(pulled)
        },
      },
      new CountQueuingStrategy({ highWaterMark: 2 }),
    )
    await utils.sleep(2)
    const before = pulled
    await source.getReader().read()
    await utils.sleep(2)
    return [before, pulled]
  },
  'streams: bytes into a view of one’s own': async () => {
    const source = new ReadableStream({
      type: 'bytes',
      start(c) {
        c.enqueue(new Uint8Array([1, 2, 3]))
        c.close()
      },
    })
    const { value } = await source.getReader({ mode: 'byob' }).read(new Uint8Array(2))
    return [...value]
  },
  'TransformStream: flush, terminate': async () => {
    const lines = new TransformStream({
      start() {
        this.rest = ''
      },
      transform(chunk, c) {
        const parts = (this.rest + chunk).split('\n')
        this.rest = parts.pop()
        parts.forEach((p) => c.enqueue(p))
      },
      flush(c) {
        if (this.rest) c.enqueue(this.rest)
      },
    })
    const out = []
    for await (const line of ReadableStream.from(['a\nb', 'c\nd']).pipeThrough(lines)) out.push(line)
    return out
  },
  'pipeTo with a signal': async () => {
    const stop = new AbortController()
    const seen = []
    const piped = new ReadableStream({
      pull(c) {
        c.enqueue('x')
      },
    }).pipeTo(
      new WritableStream({
        write(part) {
          seen.push(part)
          if (seen.length === 3) stop.abort()
        },
      }),
      { signal: stop.signal },
    )
    return [await thrown(() => piped), seen.length]
  },
  'IdentityTransform by new TransformStream()': async () => {
    const { readable, writable } = new TransformStream()
    const writer = writable.getWriter()
    void writer.write(bytes('hi')).then(() => writer.close())
    return textOf(readable)
  },
  'CompressionStream: gzip, deflate, deflate-raw': async () => {
    const out = []
    for (const form of ['gzip', 'deflate', 'deflate-raw'])
      out.push(
        await textOf(
          new Blob(['again '.repeat(50)])
            .stream()
            .pipeThrough(new CompressionStream(form))
            .pipeThrough(new DecompressionStream(form)),
        ),
      )
    return [
      out.every((text) => text === 'again '.repeat(50)),
      await thrown(() => new CompressionStream('zip')),
      await thrown(() => textOf(new Blob(['x']).stream().pipeThrough(new DecompressionStream('gzip')))),
    ]
  },
  'TextDecoderStream over cut letters': async () => {
    const [one, two] = [bytes('жж').slice(0, 3), bytes('жж').slice(3)]
    return textOf(
      ReadableStream.from([one, two])
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new TextEncoderStream()),
    )
  },
  'subtle: HMAC, AES-GCM, PBKDF2, digest': async () => {
    const key = await crypto.subtle.importKey('raw', bytes('key'), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ])
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes('data'))).toHex().slice(0, 8)
    const aes = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, [
      'encrypt',
      'decrypt',
    ])
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const back = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv },
      aes,
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aes, bytes('secret')),
    )
    const base = await crypto.subtle.importKey('raw', bytes('pw'), 'PBKDF2', false, ['deriveBits'])
    const bits = await crypto.subtle.deriveBits(
      { name: 'PBKDF2', salt: bytes('salt'), iterations: 1000, hash: 'SHA-256' },
      base,
      128,
    )
    return [
      mac,
      new TextDecoder().decode(back),
      bits.byteLength,
      new Uint8Array(await crypto.subtle.digest('SHA-1', bytes('a'))).toHex().slice(0, 8),
      await thrown(() => crypto.subtle.exportKey('raw', key)),
    ]
  },
  'subtle: ECDSA and Ed25519 as JWK': async () => {
    const out = []
    for (const [algorithm, how] of [
      [
        { name: 'ECDSA', namedCurve: 'P-256' },
        { name: 'ECDSA', hash: 'SHA-256' },
      ],
      [{ name: 'Ed25519' }, 'Ed25519'],
    ]) {
      const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const signature = await crypto.subtle.sign(how, privateKey, bytes('x'))
      const jwk = await crypto.subtle.exportKey('jwk', publicKey)
      out.push(
        await crypto.subtle.verify(
          how,
          await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']),
          signature,
          bytes('x'),
        ),
      )
    }
    return out
  },
  'structuredClone: cycles, maps, errors, transfer': async () => {
    const a = {
      when: new Date(0),
      map: new Map([[1, new Set([2])]]),
      re: /x/g,
      error: new RangeError('r'),
      big: 5n,
    }
    a.self = a
    const c = structuredClone(a)
    const buffer = new ArrayBuffer(8)
    const moved = structuredClone(buffer, { transfer: [buffer] })
    return [
      c.self === c,
      c.when.getTime(),
      [...c.map.get(1)],
      c.re.flags,
      c.error instanceof RangeError,
      buffer.byteLength,
      moved.byteLength,
      await thrown(() => structuredClone(new Proxy({}, {}))),
      await thrown(() => structuredClone(() => 1)),
    ]
  },
  'AbortSignal: any, timeout, reasons': async () => {
    const stop = new AbortController()
    const any = AbortSignal.any([stop.signal, AbortSignal.timeout(10000)])
    stop.abort('mine')
    return [
      any.aborted,
      any.reason,
      await thrown(() => AbortSignal.abort().throwIfAborted()),
      await new Promise((resolve) => {
        const s = AbortSignal.timeout(1)
        s.onabort = () => resolve(s.reason.name)
      }),
    ]
  },
  'events: once, signals, cancelling': () => {
    const target = new EventTarget()
    const seen = []
    const stop = new AbortController()
    target.addEventListener('a', (event) => seen.push(event.detail), { once: true })
    target.addEventListener('a', () => seen.push('s'), { signal: stop.signal })
    target.dispatchEvent(new CustomEvent('a', { detail: 1 }))
    stop.abort()
    target.dispatchEvent(new CustomEvent('a', { detail: 2 }))
    return seen
  },
  MessageChannel: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port2.onmessage = ({ data }) => resolve(data)
      port1.postMessage({ a: [1] })
    }),
  'encoding: labels, fatal, BOM': async () => [
    new TextDecoder('windows-1251').decode(new Uint8Array([207])),
    await thrown(() => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255]))),
    new TextDecoder().decode(new Uint8Array([239, 187, 191, 65])),
    btoa('a'),
    atob('YQ=='),
    await thrown(() => btoa('ж')),
  ],
  'performance and scheduling': async () => {
    const from = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 3))
    performance.mark('m')
    return [
      performance.now() - from >= 2,
      performance.getEntriesByName('m').length,
      typeof performance.timeOrigin,
    ]
  },
  'fetch of data: and what it refuses': async () => [
    await (await fetch('data:application/json,{"a":1}')).json(),
    await thrown(() => fetch('ftp://x.y')),
    await thrown(() => fetch('https://a.b', { signal: AbortSignal.abort() })),
    await thrown(() => fetch('http://169.254.169.254/latest')),
  ],
  'the language of today': async () => [
    Object.groupBy([1, 2], (n) => (n % 2 ? 'odd' : 'even')),
    await Array.fromAsync([Promise.resolve(1)]),
    new Set([1, 2]).union(new Set([3])).size,
    [3, 1].toSorted(),
    'a-b'.replaceAll('-', '+'),
    Promise.withResolvers !== undefined,
    Iterator.from([1, 2, 3])
      .filter((n) => n > 1)
      .toArray(),
    JSON.stringify({ a: JSON.rawJSON('1e1000') }),
    RegExp.escape('a.b'),
  ],
}
export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/cases') {
      const results = {}
      for (const [name, run] of Object.entries(cases)) {
        try {
          results[name] = await run()
        } catch (error) {
          results[name] = `${error.name}: ${error.message} ${error.stack}`
        }
      }
      return Response.json(results)
    }
    const missing = {
      '/rewriter': () => new HTMLRewriter(),
      '/pair': () => new WebSocketPair(),
      '/caches': () => caches.default,
      '/kv': () => localStorage.getItem('a'),
      '/wasm': () => WebAssembly.compile(new Uint8Array()),
      '/fixed': () => new FixedLengthStream(5),
      '/thread': () => new Worker('x'),
      '/env': () => process.env.X,
      '/buffer': () => Buffer.from('x'),
    }[pathname]
    return missing ? Response.json(String(missing())) : new Response('none', { status: 404 })
  },
}
