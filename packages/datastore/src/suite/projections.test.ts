import type { Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('projections')

type ProjectionCase = [
  document: Document,
  projection: Document,
  expected: Document | number,
  filter?: Document,
]

const PROJECTIONS: ProjectionCase[] = [
  [{ a: 1, b: 2, c: 3 }, { a: 1 }, { _id: 1, a: 1 }],
  [{ a: 1, b: 2 }, { a: 0 }, { _id: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1, b: 0 }, 31254],
  [{ a: 1, b: 2 }, { a: 0, b: 1 }, 31253],
  [{ a: 1 }, { _id: 0, a: 1 }, { a: 1 }],
  [{ a: 1, b: 1 }, { _id: 0 }, { a: 1, b: 1 }],
  [{ a: 1 }, { _id: 1 }, { _id: 1 }],
  [{ a: [1, 2, 3] }, { a: { $slice: 2 } }, { _id: 1, a: [1, 2] }],
  [{ a: [1, 2, 3] }, { a: { $slice: [1, 1] } }, { _id: 1, a: [2] }],
  [{ a: [1, 2, 3] }, { a: { $slice: [1, 0] } }, 28724],
  [{ a: [1, 2, 3] }, { a: { $slice: 'x' } }, 28667],
  [
    { a: [1, 2, 3], b: 1 },
    { a: { $slice: -1 }, b: 1 },
    { _id: 1, a: [3], b: 1 },
  ],
  [
    { a: [1, 2, 3], b: 1 },
    { a: { $slice: 1 }, b: 0 },
    { _id: 1, a: [1] },
  ],
  [{ a: [{ x: 1 }, { x: 2 }] }, { a: { $elemMatch: { x: 2 } } }, { _id: 1, a: [{ x: 2 }] }],
  [{ a: [{ x: 1 }] }, { a: { $elemMatch: { x: 9 } } }, { _id: 1 }],
  [{ a: 1 }, { a: { $elemMatch: 5 } }, 31274],
  [{ a: { b: [1] } }, { 'a.b': { $elemMatch: { x: 1 } } }, 31275],
  [{ a: [1, 2, 3] }, { 'a.$': 1 }, { _id: 1, a: [2] }, { a: 2 }],
  [{ a: [1, 2, 3] }, { 'a.$': 1 }, 51246],
  [{ a: [1], b: [1] }, { 'a.$': 1, 'b.$': 1 }, 31276, { a: 1 }],
  [{ a: [1] }, { 'a.$': 0 }, 31395, { a: 1 }],
  [{ a: [1] }, { 'a.$.b': 1 }, 31394, { a: 1 }],
  [{ a: 1 }, { $x: 1 }, 16410],
  [{ a: 1 }, { 'a.$x': 1 }, 16410],
  [{ a: { b: 1, c: 2 } }, { 'a.b': 1 }, { _id: 1, a: { b: 1 } }],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }, { _id: 1, a: { b: 1 } }],
  [{ a: { b: 1 } }, { a: 1, 'a.b': 1 }, 31249],
  [{ a: { b: 1 } }, { 'a.b': 1, a: 1 }, 31250],
  [{ a: 1 }, { a: {} }, 51270],
  [{ a: 1 }, { b: '$a' }, { _id: 1, b: 1 }],
  [{ a: 1 }, { b: { $add: ['$a', 1] } }, { _id: 1, b: 2 }],
  [{ a: 1 }, { b: 'x' }, { _id: 1, b: 'x' }],
  [{ a: 1, b: 1 }, { a: 0, c: '$b' }, 31252],
  [{ a: [{ b: 1, c: 1 }, 5] }, { 'a.b': 1 }, { _id: 1, a: [{ b: 1 }] }],
  [{ a: [{ b: 1, c: 1 }, 5] }, { 'a.b': 0 }, { _id: 1, a: [{ c: 1 }, 5] }],
  [{ a: 1 }, { '': 1 }, 40352],
  [{ a: 1 }, { 'a.': 1 }, 40353],
  [{ a: 1 }, { a: true, b: false }, 31254],
  [{ a: 1 }, { a: { $meta: 'textScore' } }, 238],
  [
    { a: 1, b: 2 },
    { b: 1, a: 1 },
    { _id: 1, a: 1, b: 2 },
  ],
  [
    { a: 1, b: 2 },
    { c: '$a', b: 1 },
    { _id: 1, b: 2, c: 1 },
  ],
  [{ a: [1, 2, 3] }, { a: { $slice: ['$a', 1] } }, { _id: 1, a: [1] }],
  [{ a: 1 }, { _id: 0, x: { $literal: 1 } }, { x: 1 }],
  [{ a: 1 }, { a: null }, { _id: 1, a: null }],
  [{ a: 1 }, { _id: { $add: [1, 1] }, a: 1 }, { _id: 2, a: 1 }],
]

describe('a projection', () => {
  test.each(PROJECTIONS)('%j %j', async (document, projection, expected, filter = {}) => {
    await suite.things.insertOne({ _id: 1 as never, ...document })
    const run = suite.things.findOne(filter, { projection })
    if (typeof expected === 'number') await failure(expected, run)
    else expect(await run).toEqual(expected)
  })
})
