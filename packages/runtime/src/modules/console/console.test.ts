import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

describeRoom('console')

async function lines(code: string): Promise<string[]> {
  await using service = await openTestService({ code: `${code}\nlogger.info('END')` })
  await service.logged(/^END$/)
  return service.logs.slice(0, -1).map(({ level, text }) => `${level} ${text}`)
}

test('formats are those of the web', async () => {
  expect(
    await lines(`
      console.log('%s is %d, %i, %f, %o %O %j %% %c.', 'Bob', '42.5', 42.9, '1.5px', { a: 1 }, [1], 2, 'color: red', 'rest', 7)
      console.log('100%', 5); console.log('%s'); console.log('%d', {}); console.log('%x', 1); console.log('%s', Symbol('q')); console.log(); console.log(null, undefined, 1n, [new Date(0)])`),
  ).toEqual([
    'info Bob is 42.5, 42, 1.5, {"a":1} [1] 2 % . rest 7',
    'info 100% 5',
    'info %s',
    'info NaN',
    'info %x 1',
    'info Symbol(q)',
    'info ',
    'info null undefined 1 ["1970-01-01T00:00:00.000Z"]',
  ])
})

test('groups indent, counters count, timers tell, assertions speak when they fail', async () => {
  const seen = await lines(`
    console.group('outer'); console.log('a\\nb'); console.group(); console.warn('deep'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('out')
    console.count(); console.count(); console.count('x'); console.countReset(); console.count(); console.countReset('y')
    console.time(); console.time(); console.timeLog('default', 'so far'); console.timeEnd(); console.timeEnd()
    console.assert(true, 'never'); console.assert(false); console.assert(0, 'got %d', 0); console.dir({ a: { b: 1 } }); console.trace('here')`)
  expect(seen.map((line) => line.replace(/\d+ms/, 'N ms'))).toEqual([
    'info outer',
    'info   a\n  b',
    'warn     deep',
    'info out',
    'info default: 1',
    'info default: 2',
    'info x: 1',
    'info default: 1',
    'warn There is no counter "y".',
    'warn The timer "default" runs already.',
    'info default: N ms so far',
    'info default: N ms',
    'warn There is no timer "default".',
    'error Assertion failed',
    'error Assertion failed: got 0',
    'info {"a":{"b":1}}',
    expect.stringMatching(/^debug Trace: here\n {4}at .*main\.js:\d+/),
  ])
})

test('a table has a column for each member', async () => {
  expect(
    await lines(
      `console.table([{ a: 1, b: 'x' }, { a: 2 }, 3]); console.table('none'); console.table([{ a: 1, b: 2 }], ['b'])`,
    ),
  ).toEqual([
    [
      'info ┌─────────┬───┬───┬────────┐',
      '│ (index) │ a │ b │ Values │',
      '├─────────┼───┼───┼────────┤',
      '│ 0       │ 1 │ x │        │',
      '│ 1       │ 2 │   │        │',
      '│ 2       │   │   │ 3      │',
      '└─────────┴───┴───┴────────┘',
    ].join('\n'),
    'info none',
    ['info ┌─────────┬───┐', '│ (index) │ b │', '├─────────┼───┤', '│ 0       │ 2 │', '└─────────┴───┘'].join(
      '\n',
    ),
  ])
})
