import type { ErrorParams } from '@m3m/base'

/** Texts by code (several: the first whose values are known is taken), and whole sentences by the English ones. */
export interface ErrorWords {
  codes: Readonly<Record<string, string | readonly string[]>>
  sentences: Readonly<Record<string, string>>
}

interface Said {
  code: string
  message: string
  params?: ErrorParams | undefined
}

const VALUE = /{{(\w+)}}/g

/**
 * The sentence of an error in another language: the one of its English words, else the one of its code. Its own
 * where that language has none, or where the error does not carry the values that it names.
 */
export function sayError({ code, message, params = {} }: Said, words: ErrorWords | null): string {
  if (!words) return message
  const known = lookUp(words.sentences, message)
  if (known !== undefined) return known
  const texts = [lookUp(words.codes, code) ?? []].flat()
  const text = texts.find((one) => [...one.matchAll(VALUE)].every(([, name]) => Object.hasOwn(params, name!)))
  return text?.replaceAll(VALUE, (_, name: string) => sayValue(params[name]!, words)) ?? message
}

/** Values can be parts of sentences. */
function sayValue(value: string | number, { sentences }: ErrorWords): string {
  return typeof value === 'string' ? (lookUp(sentences, value) ?? value) : String(value)
}

/** Messages can be any text, `constructor` too. */
function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
