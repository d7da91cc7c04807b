import { expect, test } from 'vitest'
import { checkError, checkJobReport } from './check-frames.ts'

const note = { n: 1, key: 'nightly', trigger: 'due', plannedMs: 5, startedMs: 6 }

test('a report of jobs passes with what is known of it, and nothing else', () => {
  const error = {
    code: 'nonsense',
    message: 'no',
    params: { name: 'tea', nested: {} },
    position: { file: 'main.js', line: 1, column: 2 },
    extra: 1,
  }
  const { notes, attended } = checkJobReport({
    notes: [{ ...note, endedMs: 7, error, projectId: 'another' }],
    attended: { nightly: 5 },
  })
  expect(notes).toEqual([
    {
      ...note,
      endedMs: 7,
      error: {
        code: 'RUN_BOOT_FAILED',
        message: 'no',
        params: { name: 'tea' },
        position: { file: 'main.js', line: 1, column: 2 },
      },
    },
  ])
  expect(attended).toEqual({ nightly: 5 })
})

test.each([
  null,
  { notes: 1 },
  { notes: Array(101).fill(note) },
  { notes: [{ ...note, key: 'k'.repeat(111) }] },
  { notes: [{ ...note, trigger: 'why' }] },
  { notes: [{ ...note, startedMs: 9e15 }] },
  { notes: [{ ...note, n: 0 }] },
  { notes: [], attended: { nightly: 'now' } },
])('a report of jobs that is none is a breach: %j', (report) => {
  expect(() => checkJobReport(report)).toThrow(/none/)
})

test('of an error the values of its text pass, and no more of them than a text may have', () => {
  const error = { code: 'RUN_MEMORY_LIMIT', blame: 'user', status: 503, message: 'too much' }
  const params = {
    limitMb: 128,
    reason: 'x'.repeat(5_000),
    deep: { a: 1 },
    never: Number.NaN,
    'not a name': 1,
  }
  expect(checkError({ ...error, params }).params).toEqual({ limitMb: 128, reason: 'x'.repeat(1_000) })
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`p${n}`, n]))
  expect(Object.keys(checkError({ ...error, params: many }).params ?? {})).toHaveLength(20)
  for (const none of [undefined, null, 'text', [], {}, { __proto__: { a: 1 } }])
    expect(checkError({ ...error, params: none })).not.toHaveProperty('params')
})
