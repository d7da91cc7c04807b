import { describe, expect, it } from 'vitest'
import { macroValue } from './macros.ts'
import { isTimeZone, zonedParts } from './zoned-time.ts'

const iso = (name: string, now: string, zone?: string) =>
  (macroValue(name, Date.parse(now), zone) as Date).toISOString()

describe('macros by the clock of a zone', () => {
  it.each([
    // Already the 1st in Berlin, still the 31st in New York.
    ['todayStart', '2026-10-31T23:30:00Z', 'Europe/Berlin', '2026-10-31T23:00:00.000Z'],
    ['todayStart', '2026-11-01T02:30:00Z', 'America/New_York', '2026-10-31T04:00:00.000Z'],
    ['monthStart', '2026-10-31T23:30:00Z', 'Europe/Berlin', '2026-10-31T23:00:00.000Z'],
    ['monthEnd', '2026-10-31T23:30:00Z', 'UTC', '2026-10-31T23:59:59.999Z'],
    // The day on which clocks go back has 25 hours, the one on which they go forward 23.
    ['todayStart', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
    ['todayEnd', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-25T22:59:59.999Z'],
    ['todayStart', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['todayEnd', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-29T21:59:59.999Z'],
    ['weekStart', '2026-11-01T12:00:00Z', 'Asia/Kathmandu', '2026-10-25T18:15:00.000Z'],
    ['weekEnd', '2026-11-01T12:00:00Z', undefined, '2026-11-01T23:59:59.999Z'],
    ['yearStart', '2026-12-31T23:59:59Z', 'Pacific/Auckland', '2026-12-31T11:00:00.000Z'],
    ['yearEnd', '2026-06-01T00:00:00Z', undefined, '2026-12-31T23:59:59.999Z'],
  ])('@%s at %s in %s', (name, now, zone, expected) => {
    expect(iso(name, now, zone)).toBe(expected)
  })

  it('are numbers of the calendar where they name one', () => {
    const now = Date.parse('2026-11-01T02:03:04Z')
    const names = ['year', 'month', 'day', 'weekday', 'hour', 'minute', 'second']
    expect(names.map((name) => macroValue(name, now))).toEqual([2026, 11, 1, 0, 2, 3, 4])
    expect(names.map((name) => macroValue(name, now, 'America/New_York'))).toEqual([
      2026, 10, 31, 6, 22, 3, 4,
    ])
    expect(macroValue('toString', now)).toBeUndefined()
  })
})

it('knows zones from other text', () => {
  expect(['UTC', 'Europe/Berlin', 'America/Sao_Paulo'].map(isTimeZone)).toEqual([true, true, true])
  expect(['', 'Mars/Base', 'x'.repeat(64), '__proto__'].map(isTimeZone)).toEqual([false, false, false, false])
  expect(zonedParts(0, 'UTC')).toMatchObject({ year: 1970, month: 1, day: 1, weekday: 4 })
})
