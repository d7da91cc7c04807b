import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { parse as referenceParse, stringify as referenceStringify } from 'yaml'
import { parseCsv, rowsAsObjects, stringifyCsv } from './csv.ts'
import { parseXml } from './xml.ts'
import { parseYaml } from './yaml.ts'
import { stringifyYaml } from './yaml-write.ts'

/** Numbers that are the same in every run. */
function createChance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 0x100000000) * below)
  }
}

const TEXTS = [
  '',
  'a',
  'hello world',
  'true',
  'null',
  '~',
  '12',
  '1.5e3',
  '0x1F',
  'yes',
  '- dash',
  'key: value',
  'a:b',
  ': x',
  '#no',
  'a #b',
  'a#b',
  "it's",
  '"quoted"',
  ' lead',
  'trail ',
  'two\nlines',
  'two\nlines\n',
  '\nstart',
  'gap\n\nend',
  'tab\there',
  '\u0007bell',
  'ёж 🙂',
  '[x]',
  '{x}',
  '&a',
  '*a',
  '!t',
  '|',
  '>',
  '%',
  '@',
  '`',
  '?',
  '? x',
  '-',
  '---',
  '...',
  '2026-01-31',
  '__proto__',
  'a,b',
  '\\n',
  'x\n  indented\ny',
  'end\n\n',
  '<<',
  'a\r\nb',
  'a \nb',
  '\ud800',
]

function randomValue(chance: (below: number) => number, depth: number): unknown {
  const kind = chance(depth > 0 ? 8 : 5)
  if (kind === 0) return TEXTS[chance(TEXTS.length)]
  if (kind === 1) return [0, -1, 1.5, 1e21, 123456789012, -0.25][chance(6)]
  if (kind === 2) return [true, false, null][chance(3)]
  if (kind < 5) return TEXTS[chance(TEXTS.length)]
  if (kind === 5) return Array.from({ length: chance(4) }, () => randomValue(chance, depth - 1))
  const map: Record<string, unknown> = {}
  for (let i = chance(4); i > 0; i--) {
    const key = TEXTS[chance(TEXTS.length)]!
    if (key !== '<<' && key !== '__proto__') map[key] = randomValue(chance, depth - 1)
  }
  return map
}

describe('yaml', () => {
  it('what it writes is read the same by itself and by the reference', () => {
    const chance = createChance(7)
    for (let i = 0; i < 3_000; i++) {
      const value = randomValue(chance, 4)
      const text = stringifyYaml(value)
      expect({ text, value: parseYaml(text) }).toEqual({ text, value })
      expect({ text, value: referenceParse(text) }).toEqual({ text, value })
    }
  })

  it('reads what the reference writes, in its styles', () => {
    const chance = createChance(11)
    const styles = [
      {},
      { indentSeq: false },
      { collectionStyle: 'flow' },
      { defaultStringType: 'QUOTE_SINGLE' },
      { defaultStringType: 'BLOCK_FOLDED' },
      { lineWidth: 20 },
      { indent: 4 },
      { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 20 },
    ] as object[]
    for (let i = 0; i < 3_000; i++) {
      const value = randomValue(chance, 4)
      const text = referenceStringify(value, styles[i % styles.length])
      // Where the reference does not bring its own text back (lone surrogates), there is nothing to compare.
      if (JSON.stringify(referenceParse(text)) !== JSON.stringify(value)) continue
      if (/^ *\? /m.test(text)) continue
      expect({ text, value: parseYaml(text) }).toEqual({ text, value })
    }
  })

  it('agrees with the reference on hand-written documents', () => {
    const documents = [
      '# comment\n%YAML 1.2\n---\na: 1 # one\nb:\n- x\n-   y: 2\n    z: 3\n-\n  - deep\n...\n'.replace(
        '# comment\n',
        '',
      ),
      'a: &x {k: [1, 2, {n: ~}]}\nb: *x\nc:\n  <<: *x\n  more: yes\n',
      'base: &b\n  p: 1\nlist:\n  - &i item\n  - *i\n  - <<: [*b, {q: 2}]\n    p: 3\n',
      "plain: several\n  lines of\n\n  text\nnext: \"folded\n  quoted\n\n  here\\\n  joined\"\nlast: 'it''s\n  ok'\n",
      'keep: |+\n  a\n\n  b\n\nstrip: >-\n  folded\n  lines\n\n    more indented\n  back\nclip: |\n  x\n   y\nend: 1',
      'digit: |2\n    two more\n  base\n',
      '- - - 1\n    - 2\n  - 3\n- 4',
      'url: http://x.y/z?a=b#c\ntime: 12:30:45\n',
      '"quoted key": 1\n? x\n'.replace('? x\n', ''),
      'seq:\n- a\n- b\nother: [a, b: c, "d": e, f]\nempty: {}\n',
      '!!str 12',
      'a: !!str 12\nb: !custom x',
      '"\\u0041\\x42\\t\\U0001F642\\ "',
      'a:\n  b:\n    c: 1\n  d: 2\ne: 3',
      '- a\n# between\n- b\n',
      '[\n  a, # one\n  b,\n]\n',
      '',
      '# only a comment\n',
      '---\n',
      '--- text\n',
      'x: -1\ny: +2\nz: .5\ni: .inf\nn: -.INF\no: 0o17\nh: 0xff\n',
      'a: "x" # c\nb: \'y\'   \nc: z # d',
      'key with spaces: v\nk-e.y: w',
      '{a: {b: [1,{c: d}]}, "e":1, f: }',
    ]
    for (const text of documents)
      expect({ text, value: parseYaml(text) }).toEqual({ text, value: referenceParse(text, { merge: true }) })
  })

  it('refuses with line and column what is wrong or not read here', () => {
    const wrong: [string, RegExp][] = [
      ['a: 1\n\tb: 2', /line 2.*tabs/],
      ['a: 1\na: 2', /twice/],
      ['a: b: c', /line 1/],
      ['a:\n  b\n c: d', /line 3|indented/],
      ['"open', /line 1, column 1: this quote/],
      ['[1, 2', /missing/],
      ['{a: 1', /missing/],
      ['a: *none', /no anchor/],
      ['a: 1\n--- \nb: 2', /documents/],
      ['? a\n: b', /complex/],
      ['a: "\\q"', /escape/],
      ['- a\nb: 1', /line 2/],
      ['a: @x', /quote it/],
      ['a: |x\n b', /after "\|"/],
      ['a: [1]]', /belong/],
      ['['.repeat(200), /levels/],
      [`a: &a [x]\nb: [${'*a, '.repeat(150)}]`, /aliases/],
      ['- '.repeat(300), /levels/],
    ]
    for (const [text, message] of wrong) expect(() => parseYaml(text), text).toThrow(message)
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(() => stringifyYaml(cycle)).toThrow('itself')
    expect(Object.getPrototypeOf(parseYaml('__proto__: {a: 1}'))).toBe(Object.prototype)
  })
})

describe('xml', () => {
  it('agrees with the reference on ordinary documents', () => {
    const reference = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: true,
      ignoreDeclaration: true,
      ignorePiTags: true,
    })
    for (const text of [
      '<?xml version="1.0"?><a><b>1</b><b>2</b><c x="y &amp; z"/></a>',
      '<rss version="2.0"><channel><title>T &lt;b&gt;</title><item><title>one</title></item><item><title>two</title></item></channel></rss>',
      '<a xmlns:n="u"><n:b k=\'v\'>text</n:b><!-- no --><empty></empty></a>',
      '<a><![CDATA[x < y & z]]></a>',
      '<a>\n  <b/>\n</a>',
    ])
      expect(parseXml(text)).toEqual(reference.parse(text))
  })

  it('keeps mixed text, numeric references, and members named __proto__', () => {
    expect(parseXml('<a>x<b>1</b>y</a>')).toEqual({ a: { b: '1', '#text': 'xy' } })
    expect(parseXml('<a>&#65;&#x1F642;</a>')).toEqual({ a: 'A🙂' })
    const value = parseXml('<a><__proto__>1</__proto__></a>')['a'] as object
    expect([Object.getPrototypeOf(value), Object.keys(value)]).toEqual([Object.prototype, ['__proto__']])
  })

  it('refuses with line and column', () => {
    const wrong: [string, RegExp][] = [
      ['<a>\n<b></a>', /line 2.*closes <b>/],
      ['<a>', /never closed/],
      ['', /no element/],
      ['x', /outside/],
      ['<a/><b/>', /second/],
      ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /document types/],
      ['<a>&nosuch;</a>', /entity/],
      ['<a>&</a>', /ampersand/],
      ['<a x=1/>', /quoted/],
      ['<a x="1" x="2"/>', /twice/],
      ['<a x="1"y="2"/>', /blank/],
      ['<a', /missing|blank/],
      ['</a>', /closes nothing/],
      ['<a>'.repeat(300), /200/],
      ['<a><!-- ', /missing/],
    ]
    for (const [text, message] of wrong) expect(() => parseXml(text), text).toThrow(message)
  })
})

describe('csv', () => {
  it('goes there and back', () => {
    const chance = createChance(3)
    for (let i = 0; i < 500; i++) {
      const rows = Array.from({ length: 1 + chance(4) }, () =>
        Array.from({ length: 2 }, () => TEXTS[chance(TEXTS.length)]!),
      )
      expect(parseCsv(stringifyCsv(rows, ';'), ';')).toEqual(rows)
    }
  })

  it('reads every kind of line break, quotes, empty fields and lines', () => {
    expect(parseCsv('\ufeffa,b\r\n"1,""x""\n2",\n\n,\r3,4')).toEqual([
      ['a', 'b'],
      ['1,"x"\n2', ''],
      ['', ''],
      ['3', '4'],
    ])
    expect(parseCsv('a,')).toEqual([['a', '']])
    expect(rowsAsObjects([['n', 'n'], ['1', '2', '3'], ['4']])).toEqual([
      { n: '1', n_2: '2', column3: '3' },
      { n: '4', n_2: '' },
    ])
    expect(() => parseCsv('a\n"b')).toThrow('line 2, column 1')
    expect(() => parseCsv('"a"b')).toThrow('closing quote')
  })
})

it('hostile texts cost no more than their length', () => {
  const from = performance.now()
  for (const text of [
    'a:'.repeat(50_000),
    'a '.repeat(50_000),
    '"'.repeat(50_001),
    '\n'.repeat(200_000),
    '[a,'.repeat(90),
    '&a '.repeat(50_000),
    'a\n '.repeat(20_000),
    '# '.repeat(50_000),
    '- \n'.repeat(20_000),
  ]) {
    try {
      parseYaml(text)
    } catch {}
    try {
      parseXml(text.replaceAll('a', '<a '))
    } catch {}
    try {
      parseCsv(text)
    } catch {}
  }
  expect(performance.now() - from).toBeLessThan(4_000)
})
