import { expect, test } from 'vitest'
import { en } from '../src/renderer/i18n/en/index.ts'
import { ru } from '../src/renderer/i18n/ru/index.ts'

type Tree = { readonly [key: string]: string | Tree }

const PLURALS = /_(?:one|few|many|other)$/

function textsOf(tree: Tree, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : textsOf(value, `${path}${key}.`),
  )
}

const english = textsOf(en)
const russian = textsOf(ru)
const keysOf = (texts: [string, string][]) => new Set(texts.map(([key]) => key.replace(PLURALS, '')))
const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort()

test('both languages have the same texts', () => {
  expect([...keysOf(russian)].sort()).toEqual([...keysOf(english)].sort())
})

test('a text has the same values in it in both languages', () => {
  const translated = new Map(russian)
  for (const [key, text] of english) {
    const other = translated.get(key) ?? translated.get(key.replace(PLURALS, '_many'))
    expect([key, placeholders(other ?? '')]).toEqual([key, placeholders(text)])
  }
})

test('a counted text has every form that its language counts with', () => {
  for (const [texts, language] of [
    [english, 'en'],
    [russian, 'ru'],
  ] as const) {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const keys = new Set(texts.map(([key]) => key))
    const counted = texts.map(([key]) => key).filter((key) => key.endsWith('_one'))
    for (const key of counted)
      for (const form of forms) expect(keys, key).toContain(key.replace(/_one$/, `_${form}`))
  }
})

test('no text is empty', () => {
  for (const [key, text] of [...english, ...russian]) expect(text.trim(), key).not.toBe('')
})

/** Names that are the same in every language. */
const NAMES = new Set(
  'STARTTLS TLS Telegram CPU JSON Root REST API Markdown E-mail URL curl JavaScript cURL database find service'.split(
    ' ',
  ),
)

test('nothing of the Russian catalogue is left in English', () => {
  for (const [key, text] of russian) {
    if (/[а-яё]/i.test(text)) continue
    const words = text.replaceAll(/{{\w+}}/g, '').match(/[A-Za-z][A-Za-z-]+/g) ?? []
    expect([key, words.filter((word) => !NAMES.has(word))]).toEqual([key, []])
  }
})
