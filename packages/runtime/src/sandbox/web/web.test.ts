import { expect, test } from 'vitest'
import * as base64 from './text.ts'
import * as coders from './text-coders.ts'
import * as url from './url.ts'
import { structuredClone as clone } from './clone.ts'

const URLS: [string, string?][] = [
  ['http://example.com'],
  ['HTTP://User:Pa%20ss@EXAMPLE.com:80/a/../b/./c?x=1&y= z#frag ment'],
  ['https://example.com:8443/%7Efoo/..%2f'],
  ['http://[::1]:3000/'],
  ['http://[2001:db8:0:0:1:0:0:1]/'],
  ['http://192.168.0.1.'],
  ['http://0x7f.1/'],
  ['http://127.1:80'],
  ['http://bücher.example/ü?ü#ü'],
  ['http://пример.рф/путь'],
  ['mailto:me@example.com'],
  ['data:text/plain,hello world'],
  ['file:///etc/passwd'],
  ['ftp://host/dir/file'],
  ['ws://host:80/x'],
  ['http:\\\\host\\path\\..\\other'],
  ['  http://trim.me/ \n'],
  ['http://a/b?c=d?e#f#g'],
  ['../x/y?z', 'http://host/a/b/c'],
  ['/abs', 'http://host/a/b/c?q#h'],
  ['?only', 'http://host/a/b/c?q#h'],
  ['#hash', 'http://host/a/b/c?q'],
  ['', 'http://host/a/b?q#h'],
  ['//other/x', 'https://host/a'],
  ['http:rel', 'http://host/a/b'],
  ['javascript:alert(1)'],
  ['non-special://host:80/a/../b'],
  ['http://user@/'],
  ['http://'],
  ['http://a b/'],
  ['nope'],
  ['http://host:99999/'],
  ['http://[::g]/'],
  ['http://1.2.3.4.5/'],
  ['http://256.256.256.256/'],
  ['x:/a//b'],
]
const PARTS = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const

test('URL says what Node says, on hard cases', () => {
  for (const [input, base] of URLS) {
    let expected: URL | null
    try {
      expected = new URL(input, base)
    } catch {
      expected = null
    }
    expect(url.URL.canParse(input, base), input).toBe(expected !== null)
    if (!expected) continue
    const actual = new url.URL(input, base)
    for (const part of PARTS) expect(actual[part], `${part} of ${input}`).toBe(expected[part])
  }
})

test('setting parts of a URL and its parameters works as in Node', () => {
  const change = (it: URL | url.URL) => {
    it.searchParams.append('a', 'b c')
    it.searchParams.set('x', 'ü&')
    it.pathname = 'p q/ü'
    it.hash = 'h h'
    it.port = '8080'
    it.hostname = 'Other.Example'
    it.searchParams.delete('y')
    return `${it.href} ${it.search} ${[...it.searchParams.keys()].join()}`
  }
  expect(change(new url.URL('http://h/?x=1&y=2'))).toBe(change(new URL('http://h/?x=1&y=2')))
})

test('URLSearchParams says what Node says', () => {
  for (const init of ['a=1&b=2&a=3', '?q=%C3%BC+x%zz&=v&k', 'a=%E0%A4%A', '&&a&&=b'])
    expect(new url.URLSearchParams(init).toString(), init).toBe(new URLSearchParams(init).toString())
  expect(new url.URLSearchParams({ a: '1', b: 'x y' }).toString()).toBe('a=1&b=x+y')
  expect(new url.URLSearchParams([['a', '~*-._!']]).toString()).toBe(
    new URLSearchParams([['a', '~*-._!']]).toString(),
  )
})

test('TextEncoder and TextDecoder say what Node says, on any bytes', () => {
  let state = 7
  const next = () => (state = (state * 1103515245 + 12345) & 0x7fffffff)
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from(
      { length: next() % 40 },
      () => [next() % 256, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xa0][next() % 8]!,
    )
    const expected = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    expect(new coders.TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)).toBe(expected)
    const streaming = new coders.TextDecoder('utf-8', { ignoreBOM: true })
    let pieces = ''
    for (let i = 0; i < bytes.length; i += 3)
      pieces += streaming.decode(bytes.subarray(i, i + 3), { stream: true })
    expect(pieces + streaming.decode()).toBe(expected)
    expect(new coders.TextEncoder().encode(expected)).toEqual(new TextEncoder().encode(expected))
  }
  expect(new coders.TextEncoder().encode('\ud800x\udc00💥')).toEqual(
    new TextEncoder().encode('\ud800x\udc00💥'),
  )
  expect(() => new coders.TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff))).toThrow(
    TypeError,
  )
})

test('atob and btoa undo each other and refuse what is not theirs', () => {
  for (const latin of ['', 'a', 'ab', 'abc', '\u00ff\u0000x']) {
    expect(base64.btoa(latin)).toBe(btoa(latin))
    expect(base64.atob(btoa(latin))).toBe(latin)
  }
  expect(() => base64.btoa('é€')).toThrow()
  for (const bad of ['a', '====', 'ab$c', 'abcde']) expect(() => base64.atob(bad), bad).toThrow()
})

test('structuredClone copies the kinds of the language, cycles included', () => {
  const source = {
    date: new Date(5),
    map: new Map<unknown, unknown>([['k', { deep: [1, null, 3] }]]),
    set: new Set([1, 'x']),
    bytes: Uint8Array.of(1, 2, 3),
    regexp: /x/gi,
    error: new TypeError('bad', { cause: 'why' }),
    big: 5n,
  } as Record<string, unknown>
  source['self'] = source
  const copy = clone(source) as typeof source
  expect(copy['self']).toBe(copy)
  expect(copy['map']).toEqual(source['map'])
  expect(copy['bytes']).toEqual(source['bytes'])
  expect(copy['bytes']).not.toBe(source['bytes'])
  expect(copy['error']).toBeInstanceOf(TypeError)
  expect(() => clone(() => {})).toThrow(/could not be cloned/)
})
