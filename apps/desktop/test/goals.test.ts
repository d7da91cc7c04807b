import { describe, expect, test } from 'vitest'
import { goalSlugSchema, goalStatsInput } from '@m3m/core/client'
import { slugOf as slugOfCore } from '../../../packages/core/src/features/projects/slug.ts'
import { goalsSearch } from '../src/renderer/app/search.ts'
import { changesOf, isGoalSlug, type GoalDraft } from '../src/renderer/features/goals/goal-draft.ts'
import {
  csvOf,
  figureRows,
  GOALS_AT_ONCE,
  inChunks,
  lastDays,
  stepsOf,
  trendOf,
} from '../src/renderer/app/goals/goal-figures.ts'
import {
  incrementLine,
  shortSlug,
  slugInCode,
  suggestSlug,
} from '../src/renderer/features/goals/goal-slugs.ts'

describe('the slug of a goal', () => {
  test('is suggested from its name as the agent does it for projects', () => {
    for (const name of ['Orders', 'Мой бот №1', 'Ärger & Übel — Straße', 'a  b', '--x--', 'щ'.repeat(60)])
      expect(suggestSlug(name, []), name).toBe(slugOfCore(name))
    expect(suggestSlug('日本', [])).toBe('')
  })

  test('gets a number where it is taken, and always fits', () => {
    expect(suggestSlug('Orders', ['orders', 'orders-2'])).toBe('orders-3')
    const long = suggestSlug('x'.repeat(200), ['x'.repeat(56)])
    expect(goalSlugSchema.safeParse(long).success).toBe(true)
  })

  test.each(['orders', 'a-1', '', 'A', 'a--b', '-a', 'a-', 'a b', 'x'.repeat(60), 'x'.repeat(61)])(
    '"%s" is judged as the agent judges it',
    (slug) => expect(isGoalSlug(slug)).toBe(goalSlugSchema.safeParse(slug).success),
  )

  test('is short in the code of its project', () => {
    expect(shortSlug('shop-orders', 'shop')).toBe('orders')
    expect(shortSlug('shop-orders', null)).toBe('shop-orders')
    expect(shortSlug('old-orders', 'shop')).toBe('old-orders')
    expect(incrementLine('orders')).toBe("goals.increment('orders')")
  })

  test('is written whole where a global goal would be counted instead', () => {
    const own = { slug: 'shop-orders' }
    expect(slugInCode(own, 'shop', [own, { slug: 'shop-visits' }])).toBe('orders')
    expect(slugInCode(own, 'shop', [own, { slug: 'orders' }])).toBe('shop-orders')
  })
})

describe('figures', () => {
  const orders = {
    goalId: 'a',
    points: [
      { at: '2026-01-30', value: 2 },
      { at: '2026-01-31', value: 5 },
    ],
    total: 7,
    previous: 4,
  }

  test('a period ends today in UTC and has the days it is named after', () => {
    const now = Date.parse('2026-03-02T00:30:00+03:00')
    expect(lastDays(7, now)).toEqual({ from: '2026-02-23', to: '2026-03-01' })
    expect(lastDays(1, now)).toEqual({ from: '2026-03-01', to: '2026-03-01' })
  })

  test.each([
    [7, 4, { kind: 'up', share: 0.75 }],
    [1, 4, { kind: 'down', share: 0.75 }],
    [2, -4, { kind: 'up', share: 1.5 }],
    [3, 0, { kind: 'new' }],
    [0, 0, { kind: 'same' }],
  ] as const)('%i after %i is a trend of %j', (total, previous, trend) => {
    expect(trendOf({ total, previous })).toEqual(trend)
  })

  test('rows are newest first, a value for each goal', () => {
    const visits = { ...orders, goalId: 'b', points: orders.points.map((point) => ({ ...point, value: 0 })) }
    expect(figureRows([orders, visits])).toEqual([
      { at: '2026-01-31', values: [5, 0] },
      { at: '2026-01-30', values: [2, 0] },
    ])
    expect(figureRows([])).toEqual([])
  })

  test('a CSV is oldest first and quotes what needs it', () => {
    expect(
      csvOf(
        ['shop-orders', 'a"b,c'],
        [
          { at: '2026-01-31', values: [5, -1] },
          { at: '2026-01-30', values: [2, 0] },
        ],
      ),
    ).toBe('date,shop-orders,"a""b,c"\r\n2026-01-30,2,0\r\n2026-01-31,5,-1\r\n')
  })

  test('no question asks for more goals than the agent takes', () => {
    const ids = Array.from({ length: GOALS_AT_ONCE + 1 }, () => '0'.repeat(24))
    const chunks = inChunks(ids, GOALS_AT_ONCE)
    expect(chunks.map(({ length }) => length)).toEqual([GOALS_AT_ONCE, 1])
    const period = { from: '2026-01-30', to: '2026-01-31' }
    const issues = (goalIds: string[]) =>
      goalStatsInput.safeParse({ goalIds, ...period }).error?.issues.map(({ code }) => code) ?? []
    expect(issues(chunks[0]!)).not.toContain('too_big')
    expect(issues(ids)).toContain('too_big')
    expect(inChunks([], GOALS_AT_ONCE)).toEqual([])
  })

  test('a week is not divided into weeks', () => {
    expect(stepsOf(7)).toEqual(['day'])
    expect(stepsOf(90)).toEqual(['day', 'week', 'month'])
  })

  test('the address holds the period; what is unknown is left out', () => {
    expect(goalsSearch({ days: 90, step: 'week' })).toEqual({ days: 90, step: 'week' })
    expect(goalsSearch({ days: 30, step: 'day' })).toEqual({})
    expect(goalsSearch({ days: '7', step: 'year' })).toEqual({})
  })
})

describe('an edited goal', () => {
  const saved: GoalDraft = {
    name: 'Orders',
    slug: 'orders',
    color: 'red',
    description: '',
    projects: ['a', 'b'],
  }

  test('sends only what differs', () => {
    expect(changesOf({ ...saved, name: 'Sales', color: null }, saved)).toEqual({ name: 'Sales', color: null })
  })

  test('does not send its projects when they are the same in another order', () => {
    expect(changesOf({ ...saved, projects: ['b', 'a'] }, saved)).toEqual({})
    expect(changesOf({ ...saved, projects: ['b'] }, saved)).toEqual({ projects: ['b'] })
  })
})
