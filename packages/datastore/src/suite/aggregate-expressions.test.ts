import { Decimal128, Double, Int32, Long, ObjectId } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('aggregate_expressions')
const date = new Date('2024-02-29T13:45:30.123Z')

const EXPRESSIONS: [unknown, unknown][] = [
  // arithmetic and its types
  [{ $add: [1, 2] }, new Int32(3)],
  [{ $add: [2147483647, 1] }, Long.fromNumber(2147483648)],
  [{ $add: [1, new Double(2)] }, new Double(3)],
  [{ $add: [Decimal128.fromString('0.1'), Decimal128.fromString('0.2')] }, Decimal128.fromString('0.3')],
  [{ $add: [date, 1000] }, new Date(date.getTime() + 1000)],
  [{ $add: [1, null] }, null],
  [{ $subtract: [date, new Date(0)] }, Long.fromNumber(date.getTime())],
  [{ $subtract: [Long.fromString('9007199254740993'), 1] }, Long.fromString('9007199254740992')],
  [{ $multiply: [100000, 100000] }, Long.fromNumber(10000000000)],
  [{ $divide: [1, 4] }, new Double(0.25)],
  [{ $divide: [6, 2] }, new Double(3)],
  [
    { $divide: [Decimal128.fromString('1'), Decimal128.fromString('3')] },
    Decimal128.fromString('0.3333333333333333333333333333333333'),
  ],
  [{ $mod: [7, 3] }, new Int32(1)],
  [{ $mod: [-7, 3] }, new Int32(-1)],
  [{ $abs: -5 }, new Int32(5)],
  [{ $ceil: 1.2 }, new Double(2)],
  [{ $floor: -1.2 }, new Double(-2)],
  [{ $round: [2.5] }, new Double(2)],
  [{ $round: [1234.567, 2] }, new Double(1234.57)],
  [{ $round: [1250, -2] }, new Int32(1200)],
  [{ $trunc: [-2.7] }, new Double(-2)],
  [{ $pow: [2, 10] }, new Int32(1024)],
  [{ $pow: [2, 40] }, Long.fromNumber(2 ** 40)],
  [{ $sqrt: 16 }, new Double(4)],
  // comparison and logic
  [{ $cmp: [1, 2] }, new Int32(-1)],
  [{ $gt: ['a', 5] }, true],
  [{ $eq: ['$missing', null] }, false],
  [{ $and: [1, 'x', true] }, true],
  [{ $or: [0, null] }, false],
  [{ $not: [0] }, true],
  [{ $cond: [{ $gt: ['$n', 3] }, 'big', 'small'] }, 'big'],
  [{ $cond: { if: false, then: 1, else: 2 } }, new Int32(2)],
  [{ $ifNull: ['$missing', null, 'x'] }, 'x'],
  [
    {
      $switch: {
        branches: [
          { case: false, then: 1 },
          { case: true, then: 2 },
        ],
      },
    },
    new Int32(2),
  ],
  [{ $in: [2, '$list'] }, true],
  [{ $literal: '$n' }, '$n'],
  // strings
  [{ $concat: ['a', '$text'] }, 'aHéllo'],
  [{ $concat: ['a', null] }, null],
  [{ $toUpper: '$text' }, 'HÉLLO'],
  [{ $toLower: null }, ''],
  [{ $substrCP: ['$text', 1, 2] }, 'él'],
  [{ $substrBytes: ['abc', 1, -1] }, 'bc'],
  [{ $strLenCP: '$text' }, new Int32(5)],
  [{ $strLenBytes: '$text' }, new Int32(6)],
  [{ $indexOfCP: ['$text', 'l'] }, new Int32(2)],
  [{ $split: ['a,b,c', ','] }, ['a', 'b', 'c']],
  [{ $trim: { input: '  x ' } }, 'x'],
  [{ $ltrim: { input: 'xxax', chars: 'x' } }, 'ax'],
  [{ $replaceAll: { input: 'aaa', find: 'a', replacement: 'x$&' } }, 'x$&x$&x$&'],
  [{ $regexMatch: { input: '$text', regex: '^hé', options: 'i' } }, true],
  [{ $regexFind: { input: 'ab12', regex: '[0-9]+' } }, { match: '12', idx: new Int32(2), captures: [] }],
  [{ $strcasecmp: ['A', 'a'] }, new Int32(0)],
  // arrays and sets
  [{ $size: '$list' }, new Int32(3)],
  [{ $arrayElemAt: ['$list', -1] }, new Int32(3)],
  [{ $first: '$list' }, new Int32(1)],
  [{ $slice: ['$list', 1, 5] }, [new Int32(2), new Int32(3)]],
  [{ $concatArrays: ['$list', [9]] }, [1, 2, 3, 9].map((n) => new Int32(n))],
  [{ $filter: { input: '$list', as: 'x', cond: { $gt: ['$$x', 1] } } }, [new Int32(2), new Int32(3)]],
  [{ $map: { input: '$list', in: { $multiply: ['$$this', 2] } } }, [2, 4, 6].map((n) => new Int32(n))],
  [{ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, new Int32(6)],
  [{ $let: { vars: { a: 2 }, in: { $add: ['$$a', '$n'] } } }, new Int32(7)],
  [{ $range: [0, 6, 2] }, [0, 2, 4].map((n) => new Int32(n))],
  [{ $reverseArray: '$list' }, [3, 2, 1].map((n) => new Int32(n))],
  [{ $indexOfArray: ['$list', 3] }, new Int32(2)],
  [{ $isArray: ['$list'] }, true],
  [{ $zip: { inputs: [[1], ['a']] } }, [[new Int32(1), 'a']]],
  [{ $sortArray: { input: [3, 1], sortBy: 1 } }, [new Int32(1), new Int32(3)]],
  [{ $setUnion: [[1], [1]] }, [new Int32(1)]],
  [{ $setIntersection: ['$list', [3, 9]] }, [new Int32(3)]],
  [{ $setIsSubset: [[1], '$list'] }, true],
  [{ $sum: '$list' }, new Int32(6)],
  [{ $avg: '$list' }, new Double(2)],
  [{ $max: ['$n', 9] }, new Int32(9)],
  // types
  [{ $type: '$missing' }, 'missing'],
  [{ $type: '$n' }, 'int'],
  [{ $toString: 1.5 }, '1.5'],
  [{ $toString: new ObjectId('0123456789abcdef01234567') }, '0123456789abcdef01234567'],
  [{ $toInt: '12' }, new Int32(12)],
  [{ $toLong: 1.9 }, Long.fromNumber(1)],
  [{ $toDouble: '1e3' }, new Double(1000)],
  [{ $toDecimal: 0.1 }, Decimal128.fromString('0.1')],
  [{ $toDate: '2024-02-29T13:45:30.123Z' }, date],
  [{ $toObjectId: '0123456789abcdef01234567' }, new ObjectId('0123456789abcdef01234567')],
  [{ $toBool: 'false' }, true],
  [{ $convert: { input: 'x', to: 'int', onError: -1 } }, new Int32(-1)],
  [{ $mergeObjects: [{ a: 1 }, { b: 2 }] }, { a: new Int32(1), b: new Int32(2) }],
  [{ $objectToArray: { a: 1 } }, [{ k: 'a', v: new Int32(1) }]],
  [{ $arrayToObject: [[['a', 1]]] }, { a: new Int32(1) }],
  [{ $getField: 'n' }, new Int32(5)],
  // dates
  [{ $year: '$at' }, new Int32(2024)],
  [{ $month: '$at' }, new Int32(2)],
  [{ $dayOfMonth: '$at' }, new Int32(29)],
  [{ $dayOfWeek: '$at' }, new Int32(5)],
  [{ $dayOfYear: '$at' }, new Int32(60)],
  [{ $hour: { date: '$at', timezone: 'America/New_York' } }, new Int32(8)],
  [{ $isoWeek: '$at' }, new Int32(9)],
  [{ $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M:%S.%L' } }, '2024-02-29 13:45:30.123'],
  [{ $dateToString: { date: '$at', format: '%Y-%m-%dT%H%z', timezone: '+03:00' } }, '2024-02-29T16+0300'],
  [{ $dateToString: { date: '$at' } }, '2024-02-29T13:45:30.123Z'],
  [{ $dateFromString: { dateString: '29/02/2024', format: '%d/%m/%Y' } }, new Date('2024-02-29')],
  [{ $dateFromParts: { year: 2024, month: 14 } }, new Date('2025-02-01')],
  [{ $dateAdd: { startDate: '$at', unit: 'year', amount: 1 } }, new Date('2025-02-28T13:45:30.123Z')],
  [{ $dateSubtract: { startDate: '$at', unit: 'hour', amount: 14 } }, new Date('2024-02-28T23:45:30.123Z')],
  [{ $dateDiff: { startDate: new Date('2023-12-31'), endDate: '$at', unit: 'month' } }, Long.fromNumber(2)],
  [{ $dateTrunc: { date: '$at', unit: 'day' } }, new Date('2024-02-29')],
  [{ $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } }, new Date('2024-02-26')],
  [{ $dateTrunc: { date: '$at', unit: 'minute', binSize: 15 } }, new Date('2024-02-29T13:45:00Z')],
  // paths
  ['$sub.x', [new Int32(1), new Int32(2)]],
  ['$$ROOT.n', new Int32(5)],
]

describe('the expression', () => {
  test.each(EXPRESSIONS.map(([source, expected]) => [JSON.stringify(source), source, expected] as const))(
    '%s',
    async (_text, source, expected) => {
      await suite.things.insertOne({
        n: 5,
        text: 'Héllo',
        list: [1, 2, 3],
        at: date,
        sub: [{ x: 1 }, { x: 2 }, 3],
      })
      const [found] = await suite.things
        .aggregate([{ $replaceRoot: { newRoot: { r: source } } }], { promoteValues: false })
        .toArray()
      expect(found).toEqual({ r: expected })
    },
  )

  const REFUSED: [unknown, number][] = [
    [{ $foo: 1 }, 168],
    [{ $add: ['x', 1] }, 14],
    [{ $divide: [1, 0] }, 2],
    [{ $size: 5 }, 17124],
    [{ $toInt: 'x' }, 241],
    [{ $gt: [1] }, 16020],
    ['$$nothing', 17276],
    [{ $arrayElemAt: [5, 0] }, 28689],
    [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
  ]
  test.each(REFUSED.map(([source, code]) => [JSON.stringify(source), source, code] as const))(
    '%s is refused',
    async (_text, source, code) => {
      await suite.things.insertOne({ a: 1 })
      await failure(code, suite.things.aggregate([{ $project: { r: source } }]).toArray())
    },
  )
})
