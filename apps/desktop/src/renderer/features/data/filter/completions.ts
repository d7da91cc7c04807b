import { FILTER_MACROS, FILTER_WORDS, type Field, type Model } from '@m3m/core/client'
import { filterableFields } from '../grid/columns.ts'
import { fieldAt } from './check-filter.ts'
import { operatorsFor } from './filter-operators.ts'

/** What can stand where the caret is. Pure. */

export interface Completion {
  text: string
  /** What it is, in a word: the type of a field. */
  note?: string
}

export interface Completions {
  /** The typed beginning that a choice takes the place of. */
  from: number
  items: Completion[]
}

const MOST = 40
const NAME = /[A-Za-z_][\w]*(?:\.[\w-]*)*$/
const OPERATORS = /(?:\?!=|\?>=|\?<=|\?!~|\?=|\?>|\?<|\?~|!=|>=|<=|!~|=|>|<|~)\s*$/
const WORD_OPERATORS = new Set<string>(FILTER_WORDS)

/** The text as far as the caret, with what is in quotes blanked: quotes hide words that look like grammar. */
function blanked(before: string): { text: string; openQuote: number } {
  let quote = ''
  let openQuote = -1
  let text = ''
  for (let at = 0; at < before.length; at += 1) {
    const char = before[at]!
    if (quote === '') {
      if (char === '"' || char === "'") [quote, openQuote] = [char, at]
      text += char
    } else if (char === '\\') {
      text += '__'
      at += 1
    } else if (char === quote) {
      quote = ''
      openQuote = -1
      text += char
    } else text += '_'
  }
  return { text, openQuote }
}

export function completionsAt(before: string, model: Model, models: readonly Model[]): Completions {
  const { text, openQuote } = blanked(before)
  const nothing: Completions = { from: before.length, items: [] }
  if (openQuote >= 0) {
    const field = comparedField(text.slice(0, openQuote), model, models)
    return begins(openQuote, before.slice(openQuote), choicesOf(field))
  }
  const macro = /@[A-Za-z]*$/.exec(text)
  if (macro)
    return begins(
      macro.index,
      macro[0],
      FILTER_MACROS.map((name) => ({ text: `@${name}` })),
    )
  const word = NAME.exec(text)
  const from = word?.index ?? text.length
  const typed = text.slice(from)
  const rest = text.slice(0, from).trimEnd()
  const field = comparedField(text.slice(0, from), model, models)
  if (field) return begins(from, typed, valuesOf(field))
  if (rest === '' || /(?:&&|\|\||\(|!|\band|\bor|\bnot)$/.test(rest))
    return begins(from, typed, namesAt(typed, model, models))
  const name = NAME.exec(rest)?.[0]
  const subject = name !== undefined && !WORD_OPERATORS.has(name) ? fieldAt(name, model, models) : undefined
  const ahead = name === undefined ? rest : rest.slice(0, -name.length).trimEnd()
  const isSubject = subject && (ahead === '' || /(?:&&|\|\||\(|!|\band|\bor|\bnot)$/.test(ahead))
  if (isSubject)
    return /\s$/.test(text.slice(0, from))
      ? begins(
          from,
          typed,
          operatorsFor(subject).map((one) => ({ text: one })),
        )
      : nothing
  return begins(from, typed, [{ text: '&&' }, { text: '||' }])
}

/** The field whose value stands at the end of the text. */
function comparedField(text: string, model: Model, models: readonly Model[]): Field | undefined {
  const list = /([A-Za-z_][\w.-]*)\s+(?:in|notIn)\s*[([][^)\]]*$/.exec(text)
  if (list) return fieldAt(list[1]!, model, models)
  const operator = OPERATORS.exec(text)
  if (!operator) return undefined
  const name = NAME.exec(text.slice(0, operator.index).trimEnd())?.[0]
  return name === undefined ? undefined : fieldAt(name, model, models)
}

function valuesOf(field: Field): Completion[] {
  if (field.type === 'bool') return [{ text: 'true' }, { text: 'false' }]
  if (field.type === 'date' || field.type === 'datetime' || field.type === 'autodate')
    return FILTER_MACROS.map((name) => ({ text: `@${name}` }))
  return choicesOf(field)
}

const choicesOf = (field: Field | undefined): Completion[] =>
  (field?.options ?? []).map((option) => ({ text: JSON.stringify(option) }))

/** Fields; behind a ref and a dot those of the model that it points at. */
function namesAt(typed: string, model: Model, models: readonly Model[]): Completion[] {
  const dot = typed.lastIndexOf('.')
  if (dot < 0) return filterableFields(model).map(({ key, type }) => ({ text: key, note: type }))
  const path = typed.slice(0, dot)
  const owner = fieldAt(path, model, models)
  const target = owner?.type === 'ref' ? models.find(({ slug }) => slug === owner.refModel) : undefined
  const fields = target ? filterableFields(target) : (owner?.fields ?? [])
  return fields.map(({ key, type }) => ({ text: `${path}.${key}`, note: type }))
}

function begins(from: number, typed: string, items: readonly Completion[]): Completions {
  const wanted = typed.toLowerCase()
  const fitting = items.filter(({ text }) => text.toLowerCase().startsWith(wanted) && text !== typed)
  return { from, items: fitting.slice(0, MOST) }
}
