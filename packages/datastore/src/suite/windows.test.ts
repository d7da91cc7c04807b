import type { Document } from 'mongodb'
import { stageCases } from './stage-cases.ts'

const D = (day: number): Date => new Date(Date.UTC(2024, 0, day))

const sales = [
  { _id: 1, s: 'a', d: 1, q: 10 },
  { _id: 2, s: 'a', d: 2, q: 20 },
  { _id: 3, s: 'b', d: 1, q: 5 },
  { _id: 4, s: 'b', d: 3, q: 15 },
  { _id: 5, s: 'b', d: 3, q: 1 },
]

/** One output over the sales of each shop, by day. */
const W = (output: Document): Document[] => [
  { $setWindowFields: { partitionBy: '$s', sortBy: { d: 1 }, output } },
  { $project: { x: 1 } },
]

stageCases('windows', [
  [
    sales,
    W({ x: { $sum: '$q', window: { documents: ['unbounded', 'current'] } } }),
    [
      { _id: 1, x: 10 },
      { _id: 2, x: 30 },
      { _id: 3, x: 5 },
      { _id: 4, x: 20 },
      { _id: 5, x: 21 },
    ],
  ],
  [
    sales,
    W({ x: { $sum: '$q' } }),
    [
      { _id: 1, x: 30 },
      { _id: 2, x: 30 },
      { _id: 3, x: 21 },
      { _id: 4, x: 21 },
      { _id: 5, x: 21 },
    ],
  ],
  [
    sales,
    W({ x: { $rank: {} } }),
    [
      { _id: 1, x: 1 },
      { _id: 2, x: 2 },
      { _id: 3, x: 1 },
      { _id: 4, x: 2 },
      { _id: 5, x: 2 },
    ],
  ],
  [
    sales,
    W({ x: { $denseRank: {} } }),
    [
      { _id: 1, x: 1 },
      { _id: 2, x: 2 },
      { _id: 3, x: 1 },
      { _id: 4, x: 2 },
      { _id: 5, x: 2 },
    ],
  ],
  [
    sales,
    W({ x: { $documentNumber: {} } }),
    [
      { _id: 1, x: 1 },
      { _id: 2, x: 2 },
      { _id: 3, x: 1 },
      { _id: 4, x: 2 },
      { _id: 5, x: 3 },
    ],
  ],
  [
    sales,
    W({ x: { $shift: { output: '$q', by: -1, default: 0 } } }),
    [
      { _id: 1, x: 0 },
      { _id: 2, x: 10 },
      { _id: 3, x: 0 },
      { _id: 4, x: 5 },
      { _id: 5, x: 15 },
    ],
  ],
  [
    sales,
    W({ x: { $push: '$q', window: { documents: [-1, 0] } } }),
    [
      { _id: 1, x: [10] },
      { _id: 2, x: [10, 20] },
      { _id: 3, x: [5] },
      { _id: 4, x: [5, 15] },
      { _id: 5, x: [15, 1] },
    ],
  ],
  [
    sales,
    W({ x: { $sum: '$q', window: { range: [-1, 0] } } }),
    [
      { _id: 1, x: 10 },
      { _id: 2, x: 30 },
      { _id: 3, x: 5 },
      { _id: 4, x: 16 },
      { _id: 5, x: 16 },
    ],
  ],
  [
    sales,
    W({ x: { $avg: '$q', window: { documents: [1, 1] } } }),
    [
      { _id: 1, x: 20 },
      { _id: 2, x: null },
      { _id: 3, x: 15 },
      { _id: 4, x: 1 },
      { _id: 5, x: null },
    ],
  ],
  [sales, W({ x: { $nope: 1 } }), 9],
  [sales, W({ x: { $rank: 1 } }), 5371603],
  [sales, W({ x: { $rank: {}, window: { documents: [0, 0] } } }), 5371601],
  [sales, [{ $setWindowFields: { output: { x: { $rank: {} } } } }], 5371602],
  [sales, [{ $setWindowFields: { output: { x: { $sum: '$q', window: { documents: [-1, 0] } } } } }], 5339901],
  [
    sales,
    [
      {
        $setWindowFields: {
          sortBy: { a: 1, b: 1 },
          output: { x: { $sum: '$q', window: { range: [-1, 0] } } },
        },
      },
    ],
    5339902,
  ],
  [sales, [{ $setWindowFields: {} }], 40414],
  [sales, [{ $setWindowFields: { output: {}, z: 1 } }], 40415],
  [sales, [{ $setWindowFields: 1 }], 9],
  [
    [
      { _id: 1, t: D(1), v: 1 },
      { _id: 2, t: D(3), v: 5 },
      { _id: 3, t: D(4), v: 7 },
    ],
    [
      {
        $setWindowFields: {
          sortBy: { t: 1 },
          output: {
            x: { $sum: '$v', window: { range: [-1, 'current'], unit: 'day' } },
            dv: { $derivative: { input: '$v', unit: 'day' }, window: { documents: [-1, 0] } },
            i: { $integral: { input: '$v', unit: 'day' }, window: { documents: ['unbounded', 'current'] } },
          },
        },
      },
      { $project: { x: 1, dv: 1, i: 1 } },
    ],
    [
      { _id: 1, x: 1, dv: null, i: 0 },
      { _id: 2, x: 5, dv: 2, i: 6 },
      { _id: 3, x: 12, dv: 2, i: 12 },
    ],
  ],
  [
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
      { _id: 3, v: 3 },
    ],
    [
      { $setWindowFields: { sortBy: { _id: 1 }, output: { x: { $expMovingAvg: { input: '$v', N: 3 } } } } },
      { $project: { x: 1 } },
    ],
    [
      { _id: 1, x: 1 },
      { _id: 2, x: 1.5 },
      { _id: 3, x: 2.25 },
    ],
  ],
  [
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
      { _id: 3, v: 3 },
    ],
    [
      {
        $setWindowFields: {
          sortBy: { _id: 1 },
          output: { x: { $covariancePop: ['$_id', '$v'], window: { documents: ['unbounded', 'current'] } } },
        },
      },
      { $project: { x: 1 } },
    ],
    [
      { _id: 1, x: 0 },
      { _id: 2, x: 0.25 },
      { _id: 3, x: 2 / 3 },
    ],
  ],
  [
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 4 },
    ],
    [{ $densify: { field: 'v', range: { step: 1, bounds: 'full' } } }, { $project: { _id: 0, v: 1 } }],
    [{ v: 1 }, { v: 2 }, { v: 3 }, { v: 4 }],
  ],
  [
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 4 },
    ],
    [{ $densify: { field: 'v', range: { step: 2, bounds: [0, 5] } } }, { $project: { _id: 0, v: 1 } }],
    [{ v: 0 }, { v: 1 }, { v: 2 }, { v: 4 }],
  ],
  [
    [
      { _id: 1, p: 'a', v: 1 },
      { _id: 2, p: 'a', v: 3 },
      { _id: 3, p: 'b', v: 2 },
    ],
    [
      { $densify: { field: 'v', partitionByFields: ['p'], range: { step: 1, bounds: 'partition' } } },
      { $project: { _id: 0 } },
    ],
    [
      { p: 'a', v: 1 },
      { p: 'a', v: 2 },
      { p: 'a', v: 3 },
      { p: 'b', v: 2 },
    ],
  ],
  [
    [
      { _id: 1, t: D(1) },
      { _id: 2, t: D(3) },
    ],
    [{ $densify: { field: 't', range: { step: 1, unit: 'day', bounds: 'full' } } }, { $project: { _id: 0 } }],
    [{ t: D(1) }, { t: D(2) }, { t: D(3) }],
  ],
  [[{ _id: 1, v: 1 }], [{ $densify: { field: 'v', range: { step: 0, bounds: 'full' } } }], 5733401],
  [[{ _id: 1, v: 'x' }], [{ $densify: { field: 'v', range: { step: 1, bounds: 'full' } } }], 5733201],
  [[{ _id: 1, v: 1 }], [{ $densify: { field: 'v', range: { step: 1, bounds: 'partition' } } }], 5733409],
  [
    [{ _id: 1, v: 1 }, { _id: 2 }, { _id: 3, v: 3 }, { _id: 4, v: null }],
    [{ $fill: { sortBy: { _id: 1 }, output: { v: { method: 'linear' } } } }],
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
      { _id: 3, v: 3 },
      { _id: 4, v: null },
    ],
  ],
  [
    [{ _id: 1, v: 1 }, { _id: 2 }, { _id: 3, v: 3 }, { _id: 4, v: null }],
    [{ $fill: { sortBy: { _id: 1 }, output: { v: { method: 'locf' } } } }],
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 1 },
      { _id: 3, v: 3 },
      { _id: 4, v: 3 },
    ],
  ],
  [
    [{ _id: 1, v: 1 }, { _id: 2 }],
    [{ $fill: { output: { v: { value: 0 } } } }],
    [
      { _id: 1, v: 1 },
      { _id: 2, v: 0 },
    ],
  ],
  [[{ _id: 1 }], [{ $fill: { output: { v: { method: 'zzz' } } } }], 6050202],
  [
    [{ _id: 1, l: 1, a: { l: 2, x: 1 }, b: [{ l: 1, y: 1 }, { l: 3 }] }],
    [{ $redact: { $cond: [{ $lte: ['$l', 1] }, '$$DESCEND', '$$PRUNE'] } }],
    [{ _id: 1, l: 1, b: [{ l: 1, y: 1 }] }],
  ],
  [[{ _id: 1 }], [{ $redact: 1 }], 17053],
  [[{ _id: 1, a: 1 }], [{ $redact: '$$KEEP' }], [{ _id: 1, a: 1 }]],
])
