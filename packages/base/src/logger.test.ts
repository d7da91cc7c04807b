import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

const now = () => Date.UTC(2026, 0, 31, 12, 0, 0, 7)

test('a line has time in UTC, level, message and fields as JSON', () => {
  const lines: string[] = []
  const logger = createLogger((line) => lines.push(line), { now }).with({ project: 'shop' })
  logger.info('started', { runId: 'r1' })
  logger.error('failed', { error: new TypeError('bad') })
  expect(lines[0]).toBe('[2026-01-31 12:00:00.007] [INFO] started {"project":"shop","runId":"r1"}')
  expect(lines[1]).toMatch(
    /^\[2026-01-31 12:00:00\.007\] \[ERROR\] failed \{"project":"shop","error":"TypeError: bad/,
  )
})

test('levels below the chosen one are left out', () => {
  const levels: string[] = []
  const logger = createLogger((_line, level) => levels.push(level), { now, level: 'warn' })
  logger.debug('a')
  logger.info('b')
  logger.warn('c')
  logger.error('d')
  expect(levels).toEqual(['warn', 'error'])
})
