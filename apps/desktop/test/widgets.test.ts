import { describe, expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  monthGrid,
  parseDay,
  parseTime,
  timeText,
  weekday,
} from '../src/renderer/features/data/widgets/date-text.ts'
import { jsonProblem } from '../src/renderer/features/data/widgets/json-text.ts'
import { freshName, isAllowedType, nameOfPath } from '../src/renderer/features/data/widgets/stored-names.ts'

const today = { year: 2026, month: 1, day: 31 }

describe('a typed day', () => {
  test.each([
    ['2026-02-03', '2026-2-3'],
    ['3.2.2026', '2026-2-3'],
    ['today', '2026-1-31'],
    ['Завтра', '2026-2-1'],
    ['+3', '2026-2-3'],
    ['-31d', '2025-12-31'],
    ['2024-02-29', '2024-2-29'],
  ])('%s is understood', (text, day) => {
    const found = parseDay(text, today)!
    expect(`${found.year}-${found.month}-${found.day}`).toBe(day)
  })

  test.each(['2026-02-30', '2026-13-01', '0000-01-01', 'soon', '12', '2025-02-29', 'constructor'])(
    '%s is none',
    (text) => {
      expect(parseDay(text, today)).toBeNull()
    },
  )
})

describe('a typed time', () => {
  const now = new Date('2026-01-31T10:00:00.000Z')

  test('in UTC is taken and shown as it was typed', () => {
    expect(parseTime('2026-01-31 9:05', 'utc', now)).toBe('2026-01-31T09:05:00.000Z')
    expect(parseTime('today 23:59:58.5', 'utc', now)).toBe('2026-01-31T23:59:58.500Z')
    expect(parseTime('2026-01-31T12:00:00+02:00', 'local', now)).toBe('2026-01-31T10:00:00.000Z')
    expect(parseTime('now', 'local', now)).toBe(now.toISOString())
    expect(timeText('2026-01-31T09:05:00.000Z', 'utc')).toBe('2026-01-31 09:05:00')
    expect(timeText('2026-01-31T09:05:00.123Z', 'utc')).toBe('2026-01-31 09:05:00.123')
    expect([timeText(null, 'utc'), timeText('soon', 'local'), parseTime('25:00', 'utc', now)]).toEqual([
      '',
      '',
      null,
    ])
  })

  test('in the own zone comes back the same', () => {
    for (const iso of ['2026-01-31T09:05:00.000Z', '2026-07-01T23:30:00.250Z'])
      expect(parseTime(timeText(iso, 'local'), 'local', now)).toBe(iso)
  })
})

describe('the calendar', () => {
  test('has six weeks that begin on the asked day', () => {
    const monday = monthGrid({ year: 2026, month: 2 }, 1)
    expect([monday.length, monday[0], weekday(monday[0]!)]).toEqual([
      42,
      { year: 2026, month: 1, day: 26 },
      1,
    ])
    expect(weekday(monthGrid({ year: 2026, month: 2 }, 7)[0]!)).toBe(7)
  })

  test('steps over the ends of months and years', () => {
    expect(addMonths({ year: 2026, month: 1, day: 31 }, 1)).toEqual({ year: 2026, month: 2, day: 28 })
    expect(addMonths({ year: 2026, month: 1, day: 31 }, -1)).toEqual({ year: 2025, month: 12, day: 31 })
    expect(addDays({ year: 99, month: 12, day: 31 }, 1)).toEqual({ year: 100, month: 1, day: 1 })
  })
})

test('JSON that is none is marked where it breaks', () => {
  expect(jsonProblem('{"a": 1}')).toBeNull()
  expect(jsonProblem('"text"')?.kind).toBe('object')
  expect(jsonProblem('{\n  "a": x\n}')?.place).toEqual({ line: 2, column: 8 })
  for (const [text, column] of [
    ['{"a": ', 7],
    ['{"a": 1,}', 9],
    ['[1 2]', 4],
    ['{a: 1}', 2],
    ['[1]]', 4],
    ["['x']", 2],
    ['[01]', 3],
    ['{"a" 1}', 6],
  ] as const)
    expect([text, jsonProblem(text)?.place]).toEqual([text, { line: 1, column }])
})

describe('files', () => {
  test('get a name of their own that every storage takes', () => {
    expect(freshName('../a\\b: c?.png')).toMatch(/^[0-9a-f]{8}-[^/\\:?]*\.png$/)
    expect(freshName('...')).toMatch(/^[0-9a-f]{8}-file$/)
    expect(freshName('x'.repeat(500) + '.jpeg').length).toBeLessThan(160)
    expect(nameOfPath(`records/shop/${freshName('cat.png')}`)).toBe('cat.png')
  })

  test('are held against the allowed types', () => {
    expect(isAllowedType('image/png', ['image/*'])).toBe(true)
    expect(isAllowedType('text/html', ['image/*', 'text/plain'])).toBe(false)
    expect(isAllowedType('text/html', undefined)).toBe(true)
    expect(isAllowedType('', ['image/*'])).toBe(true)
  })
})
