import { serialize, type Document } from 'bson'
import { describe, expect, test } from 'vitest'
import { createRandom, createValues, ROUNDS, SEEDS } from '../suite/fuzz-values.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { keyOf, keyOfFields } from './key.ts'
import { compare } from './order.ts'
import { showValue } from './show.ts'
import { validateBson } from './validate.ts'
import type { Value } from './value.ts'

const bytesOf = (document: Document): Buffer => Buffer.from(serialize(document, { ignoreUndefined: false }))
const valueOf = (value: unknown): Value => decode(bytesOf({ v: value })).get('v')!

/** Says nothing while all is well: a message for each of many thousand pairs takes longer than the comparison. */
function expectSameOrder(a: Value, b: Value): void {
  const byKey = Math.sign(Buffer.compare(keyOf(a), keyOf(b)))
  if (byKey === Math.sign(compare(a, b))) return
  expect.fail(`${showValue(a)} against ${showValue(b)}: keys say ${byKey}, values ${compare(a, b)}`)
}

describe.each(SEEDS)('random values, seed %i', (seed) => {
  const values = createValues(createRandom(seed))

  test('keys order as values compare, and are equal only when these are', () => {
    for (let round = 0; round < 5000 * ROUNDS; round++) {
      const [a, b] = [valueOf(values.value()), valueOf(values.value())]
      expectSameOrder(a, b)
    }
  })

  test('numbers most of all', () => {
    for (let round = 0; round < 5000 * ROUNDS; round++) {
      const [a, b] = [valueOf(values.number()), valueOf(values.number())]
      expectSameOrder(a, b)
    }
  })

  test('joined keys order field by field, descending ones the other way round', () => {
    for (let round = 0; round < 3000 * ROUNDS; round++) {
      const descending = [values.int(2) === 1, values.int(2) === 1]
      const [a, b] = [0, 1].map(() => [valueOf(values.scalar()), valueOf(values.value())]) as [
        Value[],
        Value[],
      ]
      const key = (list: Value[]) =>
        keyOfFields(list.map((value, i) => ({ value, descending: descending[i]! })))
      const expected =
        a.map((value, i) => compare(value, b[i]!) * (descending[i] ? -1 : 1)).find((d) => d !== 0) ?? 0
      if (Math.sign(Buffer.compare(key(a), key(b))) !== Math.sign(expected))
        expect.fail(`${showValue(a)} against ${showValue(b)}`)
    }
  })

  test('comparison is an order: no three values go round in a circle', () => {
    for (let round = 0; round < 3000 * ROUNDS; round++) {
      const three = [values.value(), values.value(), values.value()].map(valueOf).sort(compare) as [
        Value,
        Value,
        Value,
      ]
      if (compare(three[0], three[2]) > 0) expect.fail(three.map(showValue).join(' '))
    }
  })

  test('decoding and encoding gives the same bytes', () => {
    for (let round = 0; round < 1000 * ROUNDS; round++) {
      const bytes = bytesOf({ a: values.value(3), b: values.value(3) })
      validateBson(bytes)
      if (!encode(decode(bytes)).equals(bytes)) expect.fail(bytes.toString('hex'))
    }
  })

  test('damaged bytes are refused or decode, but never read beyond their end', () => {
    for (let round = 0; round < 5000 * ROUNDS; round++) {
      const bytes = bytesOf({ a: values.value(3), text: 'some text', list: [1, 2, { x: 'y' }] })
      for (let flips = 1 + values.int(3); flips > 0; flips--)
        bytes[values.int(bytes.length)] = values.int(256)
      const cut = values.int(4) === 0 ? bytes.subarray(0, values.int(bytes.length)) : bytes
      try {
        validateBson(cut)
      } catch (error) {
        if ((error as Error).name !== 'MongoServerFault') throw error
        continue
      }
      decode(cut)
    }
  })
})
