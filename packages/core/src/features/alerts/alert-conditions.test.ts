import { describe, expect, it } from 'vitest'
import { findTrouble, type AlertFacts } from './alert-conditions.ts'
import { LEAST_REQUESTS, type AlertKind } from './alerts.schema.ts'

const WELL: AlertFacts = {
  crashed: null,
  restartsInHour: 0,
  requests: 0,
  errors: 0,
  memoryPercent: null,
  yesterday: new Map(),
  diskFreePercent: null,
}
const TODAY = '2026-01-31'

const seen = (kind: AlertKind, threshold: number | null, facts: Partial<AlertFacts>) =>
  findTrouble({ kind, threshold, goal: 'orders' }, { ...WELL, ...facts }, TODAY)

describe('a condition', () => {
  it.each<[AlertKind, number | null]>([
    ['crashed', null],
    ['restarts', 1],
    ['errors', 1],
    ['memory', 1],
    ['goal', 1],
    ['disk', 100],
  ])('%s does not hold while nothing is known', (kind, threshold) => {
    expect(seen(kind, threshold, {})).toBeNull()
  })

  it('of restarts holds from so many on', () => {
    expect(seen('restarts', 3, { restartsInHour: 2 })).toBeNull()
    expect(seen('restarts', 3, { restartsInHour: 3 })).toMatchObject({ key: 'restarts', value: 3 })
  })

  it('of errors is a share of enough requests: one failure of two is no outage', () => {
    const half = { requests: LEAST_REQUESTS - 1, errors: LEAST_REQUESTS - 1 }
    expect(seen('errors', 5, half)).toBeNull()
    expect(seen('errors', 5, { requests: 1_000, errors: 49 })).toBeNull()
    expect(seen('errors', 5, { requests: 1_000, errors: 50 })).toMatchObject({ value: 5 })
  })

  it('of memory is a share of the limit', () => {
    expect(seen('memory', 90, { memoryPercent: 89.94 })).toBeNull()
    expect(seen('memory', 90, { memoryPercent: 90 })).toMatchObject({ value: 90 })
  })

  it('of the disk is what is still free', () => {
    expect(seen('disk', 10, { diskFreePercent: 10 })).toBeNull()
    expect(seen('disk', 10, { diskFreePercent: 9.99 })).toMatchObject({ value: 10 })
  })

  it('of a goal is another trouble each day', () => {
    const yesterday = new Map([['orders', 2]])
    expect(seen('goal', 2, { yesterday })).toBeNull()
    expect(seen('goal', 3, { yesterday })).toMatchObject({ key: `goal:orders:${TODAY}`, value: 2 })
  })
})
