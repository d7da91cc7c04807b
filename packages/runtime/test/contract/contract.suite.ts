// Promises of the modules as tables: what was promised, an expression (of ES5 as a script of the original writes it, or of
// today), and what it gives in a real isolate. A row that throws is compared by its error's code.
import { expect, test } from 'vitest'
import { openTestService, type TestServiceOptions } from '../../src/module/testing.ts'

/** `[promise, expression, value]`; undefined is the text `undefined`. */
export type Row = readonly [promise: string, expression: string, value: unknown]

/** The value of a row whose call must throw an error of this code. */
export const throws = (code: string): { thrown: string } => ({ thrown: code })

export interface TableOptions {
  /** Code of the author before the rows. */
  before?: string
  /** Expressions of today, which may `await`; else those of a script of the original. */
  isModern?: boolean
  /** What the rows brought about elsewhere. */
  after?: () => void
  prepare?: () => Promise<Partial<TestServiceOptions> & Partial<AsyncDisposable>>
}

/** Describes one module: a test for every row, all in one run, in the order they are written in. */
export function describeTable(
  name: string,
  rows: readonly Row[],
  { before = '', isModern = false, prepare, after }: TableOptions = {},
): void {
  test.concurrent(`${name} keeps ${rows.length} promises`, async () => {
    const prepared = await prepare?.()
    await using service = await openTestService({
      code: (isModern ? modernOf : scriptOf)(rows, before),
      ...prepared,
    })
    const kept: Record<string, unknown> = {}
    for (const [index, [promise]] of rows.entries())
      kept[promise] = ((await service.get(`/row/${index}`)).json as [unknown])[0]
    await prepared?.[Symbol.asyncDispose]?.()
    expect(kept).toEqual(Object.fromEntries(rows.map(([promise, , value]) => [promise, value])))
    after?.()
  })
}

function scriptOf(rows: readonly Row[], before: string): string {
  return `${before}
var rows = [
${rows.map(([, expression]) => `function () { return (${expression}) },`).join('\n')}
]
$router.get('/row/:n', function (ctx) {
  try {
    var value = rows[Number(ctx.params.n)]()
    return [value === undefined ? 'undefined' : value]
  } catch (e) {
    return [{ thrown: e.code || e.message }]
  }
})`
}

function modernOf(rows: readonly Row[], before: string): string {
  return `${before}
const rows = [
${rows.map(([, expression]) => `async (ctx) => (${expression}),`).join('\n')}
]
router.get('/row/:n', async (ctx) => {
  try {
    const value = await rows[ctx.params.n](ctx)
    return [value === undefined ? 'undefined' : value]
  } catch (error) {
    return [{ thrown: error.code || error.name || error.message }]
  }
})`
}
