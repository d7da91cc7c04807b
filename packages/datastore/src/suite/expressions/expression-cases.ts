import {
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  ObjectId,
  Timestamp,
  type Collection,
  type Document,
} from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from '../suite-store.ts'

/** An expression, and what it gives: a value with its type, nothing (undefined) or the number of an error. */
type ExpressionCase = [expression: unknown, expected: unknown]

export const decimal = (text: string): Decimal128 => Decimal128.fromString(text)
export const long = (value: number | string): Long => Long.fromValue(value)
export const double = (value: number): Double => new Double(value)
export const int = (value: number): Int32 => new Int32(value)

/** Thursday, a leap day. */
export const date = new Date('2024-02-29T13:45:30.123Z')

const DOCUMENT = {
  _id: 1 as never,
  n: 5,
  list: [1, 2, 3],
  text: 'Héllo',
  at: date,
  docs: [{ k: 1, v: 'a' }],
  sub: { a: 1, b: { c: 2 } },
  ts: new Timestamp({ t: 1_700_000_000, i: 3 }),
  oid: new ObjectId('65a000000000000000000001'),
  bin: new Binary(Buffer.from('abc')),
  'a.b': 7,
}

/** Evaluates each expression on one document; a bare number as expectation is the code of an error. */
export function expressionCases(name: string, cases: ExpressionCase[]): void {
  const suite = suiteStore(`expressions ${name}`)
  let things: Collection<Document>
  const evaluate = async (expression: unknown): Promise<unknown> => {
    things ??= suite.store.data.collection('documents')
    await things.replaceOne({ _id: 1 as never }, DOCUMENT, { upsert: true })
    const cursor = things.aggregate([{ $project: { _id: 0, r: expression } }], { promoteValues: false })
    return ((await cursor.next()) as Document)['r']
  }
  describe(`expressions: ${name}`, () => {
    test.each(cases)('%j', async (expression, expected) => {
      if (typeof expected === 'number') await failure(expected, evaluate(expression))
      else expect(await evaluate(expression)).toEqual(expected)
    })
  })
}
