import { describe, expect, test } from 'vitest'
import { createRandom, ROUNDS, SEEDS } from '../suite/fuzz-values.ts'
import { readCollation } from './collation.ts'
import { comparisonBy } from './comparison.ts'
import type { Value } from './value.ts'

const OPTIONS: Record<string, Value>[] = [
  { locale: 'en', strength: 1 },
  { locale: 'en', strength: 2 },
  { locale: 'en' },
  { locale: 'en', strength: 1, caseLevel: true },
  { locale: 'en', numericOrdering: true },
  { locale: 'en', strength: 2, alternate: 'shifted' },
  { locale: 'tr', strength: 1 },
  { locale: 'de@collation=phonebook', strength: 1 },
  { locale: 'es@collation=traditional', strength: 2 },
  { locale: 'da', strength: 1 },
  { locale: 'hr', strength: 2 },
  { locale: 'hu', strength: 1 },
  { locale: 'ja', strength: 1 },
  { locale: 'ko', strength: 1 },
  { locale: 'zh', strength: 3 },
  { locale: 'fr_CA', strength: 2 },
]

/** Accents, ligatures, contractions, digits, punctuation, ignorables, Hangul, kana, Turkish i, surrogates. */
const PIECES = [
  ...'aAáÁäåÅæÆoOöøØœŒßsSeéèêïıİiIñcCçzZžŽdDđ',
  ...[
    'ss',
    'ae',
    'oe',
    'ue',
    'ch',
    'Ch',
    'CH',
    'll',
    'dž',
    'Dž',
    'cs',
    'ccs',
    'dzs',
    'ﬁ',
    'fi',
    'ĳ',
    'ij',
    'aa',
    'Aa',
  ],
  ...['\u0301', '\u0308', '\u030a', '\u0327', '\u0000', '\u00ad', '\u200d', '\ufeff', '\u0345'],
  ...[...'0123456789', '①', '²', '½', '１', '٣', '10', '007'],
  ..." -_'.,!?@/\\()\t\u00a0\u2019\u2013…",
  ...'한국어가각나ㄱㅏ',
  '\u1112\u1161\u11ab',
  ...'かがカガハバパｶﾞーァあア々',
  ...'一二三中国國',
  ...'αΑάςσΣ',
  ...'еёЁийЙ',
  ...'אבגםמ',
  ...'ابةه',
  '😀',
  '👩\u200d👩',
  '𝐀',
  '\ud800',
  '𠮷',
]

function randomText(random: () => number): string {
  const length = Math.floor(random() * 6)
  return Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]!).join('')
}

/** Another writing of a text that often counts as the same. */
function variant(text: string, random: () => number): string {
  const ways = [
    (s: string) => s.toUpperCase(),
    (s: string) => s.toLowerCase(),
    (s: string) => s.normalize('NFD'),
    (s: string) => s.normalize('NFKC'),
    (s: string) => s.normalize('NFD').replace(/\p{M}/gu, ''),
    (s: string) => s.replaceAll('ß', 'ss').replaceAll('ö', 'oe').replaceAll('æ', 'ae'),
    (s: string) => s.replace(/[\s-]/g, ''),
    (s: string) => `${s}\u200d`,
  ]
  return ways[Math.floor(random() * ways.length)]!(text)
}

describe.each(OPTIONS.map((options) => [JSON.stringify(options), options] as const))(
  '%s',
  (_name, options) => {
    const collation = readCollation(new Map(Object.entries(options)))!

    test.each(SEEDS)('texts that are equal share a place in an index, seed %d', (seed) => {
      const random = createRandom(seed)
      let equal = 0
      for (let n = 0; n < 3000 * ROUNDS; n++) {
        const a = randomText(random)
        const b = random() < 0.7 ? variant(a, random) : randomText(random)
        if (collation.compare(a, b) !== 0) continue
        equal++
        if (!collation.bucket(a).equals(collation.bucket(b)))
          throw new Error(`${JSON.stringify(a)} and ${JSON.stringify(b)} are equal and stand apart`)
      }
      expect(equal).toBeGreaterThan(300)
    })

    test('identities are one exactly where texts are equal', () => {
      const random = createRandom(SEEDS[0]!)
      const identity = comparisonBy(collation).identities()
      const texts = Array.from({ length: 150 }, () => randomText(random))
      const both = [...texts, ...texts.map((text) => variant(text, random))]
      for (const a of both)
        for (const b of both) expect(identity(a) === identity(b)).toBe(collation.compare(a, b) === 0)
    })
  },
)

test('places tell ordinary texts apart', () => {
  const collation = readCollation(
    new Map<string, Value>([
      ['locale', 'en'],
      ['strength', 2],
    ]),
  )!
  const texts = Array.from({ length: 2000 }, (_, n) => `person${n}@example.com`)
  expect(new Set(texts.map((text) => collation.bucket(text).toString('hex'))).size).toBe(2000)
  expect(collation.bucket('Person1@Example.COM')).toEqual(collation.bucket('person1@example.com'))
})
