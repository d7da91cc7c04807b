import { isDoc, typeName, type Doc, type Value } from '../../bson/value.ts'
import { mongoError, notSupported } from '../../server/mongo-error.ts'
import { unusable, type Keyword, type Schema } from './keyword.ts'
import { NESTED_KEYWORDS } from './nested-keywords.ts'
import { VALUE_KEYWORDS } from './value-keywords.ts'

const KEYWORDS: Readonly<Record<string, Keyword>> = { ...VALUE_KEYWORDS, ...NESTED_KEYWORDS }

/** Of JSON Schema draft 4, what MongoDB refuses too. */
const UNSUPPORTED = new Set(['$ref', '$schema', 'default', 'definitions', 'format', 'id'])

/**
 * Compiles a `$jsonSchema` as MongoDB 7.0 reads it (draft 4 with `bsonType`).
 *
 * @throws TypeMismatch (14), FailedToParse (9), BadValue (2), NotImplemented (238) for encryption
 */
export function compileSchema(source: Value): Schema {
  if (!isDoc(source))
    throw mongoError('TypeMismatch', `$jsonSchema must be an object, but got ${typeName(source)}`)
  const rules = [...source].flatMap(([name, operand]) => {
    const keyword = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined
    if (!keyword) throw unknown(name)
    return keyword({ name, operand, schema: source, compile: compileSchema }) ?? []
  })
  return {
    rules,
    description: source.get('description'),
    holds: (value) => rules.every((rule) => rule.holds(value)),
    explain: (value) =>
      new Map<string, Value>([
        ['operatorName', '$jsonSchema'],
        [
          'schemaRulesNotSatisfied',
          rules.filter((rule) => !rule.holds(value)).map((rule) => rule.explain(value)),
        ],
      ]),
  }
}

function unknown(name: string): Error {
  if (name.startsWith('encrypt')) return notSupported(`The keyword ${name} of $jsonSchema`)
  if (UNSUPPORTED.has(name)) return unusable(`$jsonSchema keyword '${name}' is not currently supported`)
  return unusable(`Unknown $jsonSchema keyword: ${name}`)
}

/** A test of whole documents. */
export function schemaTest(source: Value): (doc: Doc) => boolean {
  const schema = compileSchema(source)
  return (doc) => schema.holds(doc)
}
