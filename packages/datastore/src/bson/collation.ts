// Collations: how texts are compared by the rules of a language. What V8's Intl.Collator (ICU) does exactly as MongoDB's
// ICU is taken, all else is refused.
import { locationError, mongoError, notSupported } from '../server/mongo-error.ts'
import { bucketBy } from './collation-bucket.ts'
import { equal } from './order.ts'
import { showValue } from './show.ts'
import { optionNumber } from './number.ts'
import { isDoc, isNumber, typeName, type Doc, type Value } from './value.ts'

/** A collation other than the simple one. There is one object for each set of options. */
export interface Collation {
  /** All options, as `listIndexes` shows them. */
  readonly spec: Doc
  compare(a: string, b: string): number
  /**
   * Where a text stands in an index: the same for texts that are equal, perhaps for others too. It says nothing of their
   * order. Ends by itself.
   */
  bucket(text: string): Buffer
}

/**
 * The version of ICU that MongoDB 7.0 writes into its indexes. Ours is another one: indexes are made anew when it changes
 * (store/rebuild-collated.ts), so that a specification can go to a MongoDB server and come back.
 */
const VERSION = '57.1'

const FIELDS: Readonly<Record<string, 'string' | 'bool' | 'number'>> = {
  locale: 'string',
  caseLevel: 'bool',
  caseFirst: 'string',
  strength: 'number',
  numericOrdering: 'bool',
  alternate: 'string',
  maxVariable: 'string',
  normalization: 'bool',
  backwards: 'bool',
  version: 'string',
}

const CASE_FIRST: Readonly<Record<string, 'upper' | 'lower' | 'false'>> = {
  upper: 'upper',
  lower: 'lower',
  off: 'false',
}

/** Names of ICU's variants, by those of MongoDB's locales (`de@collation=phonebook`). */
const VARIANTS: Readonly<Record<string, string>> = {
  dictionary: 'dict',
  phonebook: 'phonebk',
  traditional: 'trad',
}

const made = new Map<string, Collation>()

/**
 * The collation that options ask for; null for the simple one.
 *
 * @throws BadValue (2), TypeMismatch (14), 40414, 40415 for options that MongoDB refuses, NotImplemented (238) for those that
 * cannot be had exactly
 */
export function readCollation(given: Doc): Collation | null {
  checkFields(given)
  const locale = given.get('locale') as string
  if (locale === 'simple') {
    if (given.size === 1) return null
    throw mongoError(
      'FailedToParse',
      `If locale=simple, no other fields should be present in: ${showValue(given)}`,
    )
  }
  const name = [...given].map(([field, value]) => `${field}=${String(value)}`).join()
  let collation = made.get(name)
  if (!collation) {
    collation = makeCollation(given, locale)
    if (made.size === MAX_MADE) made.clear()
    made.set(name, collation)
  }
  return collation
}

/** Clients name few; who names many does not fill the memory. */
const MAX_MADE = 256

function checkFields(given: Doc): void {
  for (const [field, value] of given) {
    const kind = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined
    if (!kind) throw locationError(40415, `BSON field 'collation.${field}' is an unknown field.`)
    const right = kind === 'number' ? isNumber(value) : typeof value === (kind === 'bool' ? 'boolean' : kind)
    if (!right)
      throw mongoError(
        'TypeMismatch',
        `BSON field 'collation.${field}' is the wrong type '${typeName(value)}', expected type '${kind}'`,
      )
  }
  if (!given.has('locale'))
    throw locationError(40414, "BSON field 'collation.locale' is missing but a required field")
  checkChoice(given, 'caseFirst', ['upper', 'lower', 'off'])
  checkChoice(given, 'alternate', ['non-ignorable', 'shifted'])
  checkChoice(given, 'maxVariable', ['punct', 'space'])
  const strength = given.get('strength')
  const level = optionNumber(strength)
  if (strength !== undefined && !(level !== null && [1, 2, 3, 4, 5].includes(level)))
    throw badChoice('strength', strength)
  const version = given.get('version')
  if (version !== undefined && version !== VERSION)
    throw mongoError(
      'IncompatibleCollationVersion',
      `Requested collation version ${String(version)} but the only available collator version was ${VERSION}.`,
    )
}

function checkChoice(given: Doc, field: string, choices: readonly string[]): void {
  const value = given.get(field)
  if (value !== undefined && !choices.includes(value as string)) throw badChoice(field, value)
}

function badChoice(field: string, value: Value): Error {
  return mongoError(
    'BadValue',
    `Enumeration value '${showValue(value)}' for field 'collation.${field}' is not a valid value.`,
  )
}

function makeCollation(given: Doc, locale: string): Collation {
  const strength = optionNumber(given.get('strength')) ?? 3
  const caseLevel = given.get('caseLevel') === true
  checkCombination(given, { strength, caseLevel })
  const collator = collatorOf(given, locale, sensitivityOf(strength, caseLevel))
  const resolved = collator.resolvedOptions()
  const backwards = isBackwards(collator)
  if (given.has('backwards') && given.get('backwards') !== backwards)
    throw notSupported(
      `A collation of the locale '${locale}' with backwards: ${String(given.get('backwards'))}`,
    )
  const spec = new Map<string, Value>([
    ['locale', locale],
    ['caseLevel', caseLevel],
    ['caseFirst', String(resolved.caseFirst) === 'false' ? 'off' : resolved.caseFirst],
    ['strength', strength],
    ['numericOrdering', resolved.numeric],
    ['alternate', resolved.ignorePunctuation ? 'shifted' : 'non-ignorable'],
    ['maxVariable', 'punct'],
    ['normalization', given.get('normalization') === true],
    ['backwards', backwards],
    ['version', VERSION],
  ])
  const compare = (a: string, b: string): number => (a === b ? 0 : collator.compare(a, b))
  return { spec, compare, bucket: bucketBy(compare) }
}

function checkCombination(
  given: Doc,
  { strength, caseLevel }: { strength: number; caseLevel: boolean },
): void {
  if (given.get('backwards') === true && strength === 1)
    throw mongoError('BadValue', `'backwards' is invalid with 'strength' of 1 in: ${showValue(given)}`)
  const first = given.get('caseFirst')
  if (first !== undefined && first !== 'off' && !caseLevel && strength < 3)
    throw mongoError(
      'BadValue',
      `'caseFirst' is invalid unless 'caseLevel' is on or 'strength' is greater than 2 in: ${showValue(given)}`,
    )
  if (given.get('maxVariable') === 'space') throw notSupported("A collation with maxVariable: 'space'")
}

/** ECMA-402's names of ICU's strengths. */
function sensitivityOf(strength: number, caseLevel: boolean): 'base' | 'accent' | 'case' | 'variant' {
  if (strength > 3) throw notSupported(`A collation of strength ${strength}`)
  if (caseLevel && strength > 1) throw notSupported(`A collation of strength ${strength} with caseLevel`)
  if (strength === 1) return caseLevel ? 'case' : 'base'
  return strength === 2 ? 'accent' : 'variant'
}

/** @throws BadValue (2) for a locale that ICU does not know by that very name */
function collatorOf(
  given: Doc,
  locale: string,
  sensitivity: 'base' | 'accent' | 'case' | 'variant',
): Intl.Collator {
  const [language, variant] = locale.split('@collation=') as [string, string | undefined]
  const wanted = language.replaceAll('_', '-')
  const tag = variant === undefined ? wanted : `${wanted}-u-co-${VARIANTS[variant] ?? variant}`
  const [caseFirst, alternate] = [given.get('caseFirst'), given.get('alternate')]
  const numeric = given.get('numericOrdering')
  let collator: Intl.Collator | null = null
  try {
    collator = new Intl.Collator(tag, {
      sensitivity,
      ...(typeof caseFirst === 'string' && { caseFirst: CASE_FIRST[caseFirst]! }),
      ...(alternate !== undefined && { ignorePunctuation: alternate === 'shifted' }),
      ...(typeof numeric === 'boolean' && { numeric }),
    })
  } catch {
    // no language tag at all
  }
  const known = collator && Intl.Collator.supportedLocalesOf(wanted)[0] === wanted
  if (!collator || !known || language.includes('-') || collator.resolvedOptions().locale !== tag)
    throw mongoError('BadValue', `Field 'locale' is invalid in: ${showValue(given)}`)
  return collator
}

/** Whether accents count from the end of a word (Canadian French): it belongs to the locale and cannot be set. */
function isBackwards(collator: Intl.Collator): boolean {
  return collator.compare('côte', 'coté') < 0
}

/** The collation in the options of a collection or index; null: the simple one. */
export function storedCollation(options: Doc): Collation | null {
  const given = options.get('collation')
  return isDoc(given) ? readCollation(given) : null
}

export function sameCollation(a: Collation | null, b: Collation | null): boolean {
  return a === b || (a !== null && b !== null && equal(a.spec, b.spec))
}
