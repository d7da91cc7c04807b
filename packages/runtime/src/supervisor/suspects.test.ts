import { expect, test } from 'vitest'
import { suspectsOf, type RunnerDeath } from './suspects.ts'

const death = (about: Partial<RunnerDeath> = {}): RunnerDeath => ({
  blamed: new Set(),
  flagged: new Set(),
  heapBytes: new Map([
    [1, 5e6],
    [2, 90e6],
    [3, 7e6],
  ]),
  byMemory: false,
  ageMs: 3_600_000,
  ...about,
})

test('who is known to be the cause is the only suspect', () => {
  const about = { blamed: new Set([1]), flagged: new Set([1, 2]), byMemory: true }
  expect(suspectsOf(death(about))).toEqual(new Set([1]))
})

test('else those who were being executed are', () => {
  expect(suspectsOf(death({ flagged: new Set([1, 3]) }))).toEqual(new Set([1, 3]))
})

test('of an end by memory while all stood still, the largest is', () => {
  expect(suspectsOf(death({ flagged: new Set([1]), byMemory: true }))).toEqual(new Set([1]))
  expect(suspectsOf(death({ byMemory: true }))).toEqual(new Set([2]))
})

test('an end that nothing explains is nobody’s fault, but a second one soon after is everybody’s', () => {
  expect(suspectsOf(death())).toEqual(new Set())
  expect(suspectsOf(death({ ageMs: 5_000 }))).toEqual(new Set([1, 2, 3]))
})
