import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

const texts = [
  '',
  'a',
  'b',
  'ab',
  'ba',
  'aab',
  'abc',
  'a b',
  'A1_',
  'line\nbreak',
  'ééa',
  '😀',
  '12-34',
  'aaaa',
  'x.y',
]
const patterns = [
  '',
  'a',
  'ab|b',
  '^a',
  'a$',
  '^a+b?$',
  '(ab)*c',
  '[a-c]+',
  '[^a-c]',
  '\\d{2}-\\d+',
  '\\w\\W',
  '.',
  '^.$',
  'a{2}',
  'a{2,}',
  'a{1,3}b',
  '(a|b){2,3}',
  '\\ba',
  'b\\B',
  '^$',
  '[\\d_]',
  '\\s',
  '(?:a|)b',
  '(?<n>a)b',
  'x\\.y',
  '\\u{1F600}',
  '[é-ü]',
  '\\p{L}\\s',
  '^(a+)+$',
]

describe('compilePattern', () => {
  it('answers as V8 does, on every pattern and text of a table', () => {
    for (const source of patterns) {
      const own = compilePattern(source)
      const v8 = new RegExp(source, 'u')
      for (const text of texts) expect([source, text, own.test(text)]).toEqual([source, text, v8.test(text)])
    }
  })

  it('answers as V8 does on random patterns and texts', () => {
    let seed = 7
    // The high bits: the low ones of this generator repeat.
    const random = (n: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return (seed >>> 12) % n
    }
    const piece = (depth: number): string => {
      const kind = random(depth > 3 ? 3 : 7)
      if (kind < 2) return 'abc'[random(3)]!
      if (kind === 2) return ['.', '[ab]', '[^b]', '\\w'][random(4)]!
      if (kind === 3) return `(?:${piece(depth + 1)}|${piece(depth + 1)})`
      if (kind === 4) return `(?:${piece(depth + 1)})${['*', '+', '?', '{2}', '{1,2}'][random(5)]!}`
      return piece(depth + 1) + piece(depth + 1)
    }
    for (let i = 0; i < 3000; i += 1) {
      const source = `${random(3) === 0 ? '^' : ''}${piece(0)}${random(3) === 0 ? '$' : ''}`
      const text = Array.from({ length: random(7) }, () => 'abcd'[random(4)]!).join('')
      expect([source, text, compilePattern(source).test(text)]).toEqual([
        source,
        text,
        new RegExp(source, 'u').test(text),
      ])
    }
  })

  it('ignores case when asked', () => {
    expect(compilePattern('ПРИВЕТ', { ignoreCase: true }).test('скажи: привет')).toBe(true)
    expect(compilePattern('[a-z]', { ignoreCase: true }).test('Q')).toBe(true)
  })

  it('takes linear time on texts that stall a backtracking engine', () => {
    const start = performance.now()
    expect(compilePattern('^(a+)+$').test(`${'a'.repeat(50_000)}b`)).toBe(false)
    expect(compilePattern('a.*b.*c').test('a'.repeat(50_000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it.each([
    ['(?=a)', 'a look-around'],
    ['(?<!a)b', 'a look-around'],
    ['(a)\\1', 'a back-reference'],
    ['a**', 'nothing to repeat'],
    ['(a', 'without its ")"'],
    ['a)', 'without its "("'],
    ['[a', 'without its "]"'],
    ['[z-a]', 'end is before its start'],
    ['a{3,2}', 'end is before its start'],
    ['\\q', 'unknown escape'],
    ['(((a{100}){100}){100})', 'more than 2000 steps'],
    ['('.repeat(100), 'nested deeper'],
  ])('refuses %s', (source, reason) => {
    expect(() => compilePattern(source)).toThrow(reason)
  })
})
