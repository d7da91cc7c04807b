import type { Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { createRandom, ROUNDS, SEEDS } from './fuzz-values.ts'
import { suiteStore } from './suite-store.ts'
import { modelUpdate, type ModelDoc, type ModelValue } from './update-model.ts'

const suite = suiteStore('update fuzz')

const PATHS = ['a', 'b', 'c', 'd.x', 'e.y']

function createUpdates(random: () => number) {
  const int = (below: number): number => Math.floor(random() * below)
  const small = (): number => int(9) - 4
  const list = (): number[] => Array.from({ length: int(5) }, small)
  const some = (): boolean => random() < 0.5

  const value = (): ModelValue => [small(), list(), { x: small(), y: small() }][int(3)]!
  const document = (): ModelDoc =>
    Object.fromEntries(['a', 'b', 'c', 'd', 'e'].filter(some).map((name) => [name, value()]))

  const push = (): Document => ({
    $each: list(),
    ...(some() && { $position: small() }),
    ...(some() && { $slice: small() }),
    ...(some() && { $sort: some() ? 1 : -1 }),
  })
  const OPERANDS: Record<string, () => unknown> = {
    $set: value,
    $unset: () => 1,
    $inc: small,
    $mul: small,
    $min: small,
    $max: small,
    $bit: () => ({ xor: int(8) }),
    $push: push,
    $addToSet: () => ({ $each: list() }),
    $pop: () => (some() ? 1 : -1),
    $pull: () => ({ $gt: small() }),
    $pullAll: list,
  }
  const update = (): Record<string, Record<string, unknown>> => {
    const made: Record<string, Record<string, unknown>> = {}
    for (const path of PATHS.filter(some)) {
      const operator = Object.keys(OPERANDS)[int(Object.keys(OPERANDS).length)]!
      made[operator] = { ...made[operator], [path]: OPERANDS[operator]!() }
    }
    return Object.keys(made).length > 0 ? made : { $inc: { a: 1 } }
  }
  return { document, update }
}

describe.each(SEEDS)('random updates, seed %i', (seed) => {
  test('do what the slow model does, or fail with its code and change nothing', async () => {
    const { document, update } = createUpdates(createRandom(seed))
    const cases = Array.from({ length: 400 * ROUNDS }, () => ({ before: document(), change: update() }))
    await suite.things.insertMany(cases.map(({ before }, n) => ({ _id: n as never, ...before })))
    for (const [n, { before, change }] of cases.entries()) {
      const expected = modelUpdate(before, change)
      const reply = await suite.store.data.command({
        update: suite.things.collectionName,
        updates: [{ q: { _id: n }, u: change }],
      })
      const { _id, ...after } = (await suite.things.findOne({ _id: n as never }))!
      const about = JSON.stringify({ before, change })
      if (typeof expected === 'number') {
        expect(reply['writeErrors']?.[0]?.code, about).toBe(expected)
        expect(JSON.stringify(after), about).toBe(JSON.stringify(before))
      } else {
        expect(reply['writeErrors'], about).toBeUndefined()
        // as text, because the order of fields is part of a document
        expect(JSON.stringify(after), about).toBe(JSON.stringify(expected))
      }
    }
  })
})
