import { expect, test } from 'vitest'
import { sparklinePaths } from '../src/renderer/ui/metrics/sparkline-path.ts'

test('what was not measured is a gap, never a line along the bottom', () => {
  expect(sparklinePaths([null, null, null], undefined)).toEqual([])
  expect(sparklinePaths([], undefined)).toEqual([])
  const lines = sparklinePaths([null, 0, 10, null, 5, 5], undefined).map(({ line }) => line)
  expect(lines).toEqual(['M 20.0,100.0 L 40.0,0.0', 'M 80.0,50.0 L 100.0,50.0'])
})

test('zero is a value: it is drawn along the bottom', () => {
  expect(sparklinePaths([0, 0, 0], undefined)).toEqual([
    { line: 'M 0.0,100 L 100.0,100', area: 'M 0.0,100 L 100.0,100 L 100.0,100 L 0.0,100 Z' },
  ])
})

test('one value between two gaps is a dash as wide as its step, inside of the picture', () => {
  expect(sparklinePaths([null, 4, null, null, null], 8)[0]!.line).toBe('M 12.5,50.0 L 37.5,50.0')
  expect(sparklinePaths([4, null, null, null, 4], 8).map(({ line }) => line)).toEqual([
    'M 0.0,50.0 L 25.0,50.0',
    'M 87.5,50.0 L 100.0,50.0',
  ])
})

test('the top is the larger of the limit and what was measured', () => {
  expect(sparklinePaths([50, 25], 100)[0]!.line).toBe('M 0.0,50.0 L 100.0,75.0')
  expect(sparklinePaths([200, 100], 100)[0]!.line).toBe('M 0.0,0.0 L 100.0,50.0')
})
