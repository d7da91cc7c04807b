import { expect, test } from 'vitest'
import { marksOfLog } from '../src/renderer/features/pipeline/run-marks.ts'
import {
  appendLines,
  countLevels,
  emptyLog,
  indexOfCursor,
  isAtLeast,
  MAX_LINES,
  openedLog,
  partsOf,
  prependLines,
  type LogLevelName,
} from '../src/renderer/ui/log/log-buffer.ts'
import { matchesOf, noMatches } from '../src/renderer/ui/log/log-matches.ts'

const line = (cursor: number, text = `line ${cursor}`, level: LogLevelName = 'info') => ({
  cursor: String(cursor),
  at: '2026-11-22T20:00:00.000Z',
  level,
  text,
})
const cursors = (buffer: { lines: readonly { cursor: string }[] }) => buffer.lines.map(({ cursor }) => cursor)

test('lines that are there already are left out: cursors count as numbers', () => {
  const first = appendLines(emptyLog, { runId: 'a', lines: [line(9), line(80)], dropped: 0 })
  const second = appendLines(first, { runId: 'a', lines: [line(80), line(100)], dropped: 0 })
  expect(cursors(second)).toEqual(['9', '80', '100'])
})

test('another run begins a new log', () => {
  const first = appendLines(emptyLog, { runId: 'a', lines: [line(9)], dropped: 3 })
  const second = appendLines(first, { runId: 'b', lines: [line(0)], dropped: 0 })
  expect([second.runId, cursors(second), second.dropped]).toEqual(['b', ['0'], 0])
})

test('earlier lines go to the top, each once', () => {
  const buffer = appendLines(emptyLog, { runId: 'a', lines: [line(100)], dropped: 0 })
  const older = prependLines({ ...buffer, before: '100' }, { lines: [line(50), line(100)], before: '50' })
  expect([cursors(older), older.before]).toEqual([['50', '100'], '50'])
})

test('memory is bounded, and what was let go can be fetched again', () => {
  const lines = Array.from({ length: MAX_LINES + 5 }, (_, index) => line(index * 10))
  const buffer = appendLines(emptyLog, { runId: 'a', lines, dropped: 0 })
  expect([buffer.lines.length, buffer.trimmed, buffer.before]).toEqual([MAX_LINES, 5, '50'])
})

test('a place in the source is found; a time, an address and a path of Node are none', () => {
  const place = (text: string) => partsOf(text).find((part) => part.position)?.position
  expect(place('Error: no\n    at handler (main.js:9:11)')).toEqual({ file: 'main.js', line: 9, column: 11 })
  expect(place('at lib/price.ts:3:1')).toEqual({ file: 'lib/price.ts', line: 3, column: 1 })
  expect(place('https://host/app.js:80:1')).toBeUndefined()
  expect(place('node:internal/main.js:1:1')).toBeUndefined()
  expect(place('at 12:30:15')).toBeUndefined()
})

test('what is searched for is marked, whatever its case', () => {
  expect(partsOf('Tea and tea', 'tea')).toEqual([
    { text: 'Tea', isMatch: true },
    { text: ' and ' },
    { text: 'tea', isMatch: true },
  ])
  const found = matchesOf(noMatches, [line(1, 'Tea'), line(2, 'milk'), line(3, 'green tea')], 'TEA')
  expect(cursors(found)).toEqual(['1', '3'])
})

test('levels are counted and ordered', () => {
  expect(countLevels([line(1), line(2, '', 'error'), line(3, '', 'error')])).toEqual({
    debug: 0,
    info: 1,
    warn: 0,
    error: 2,
  })
  expect([isAtLeast('warn', 'info'), isAtLeast('info', 'warn'), isAtLeast('debug', undefined)]).toEqual([
    true,
    false,
    true,
  ])
})

test('errors of a log become marks: the first place of each, the latest message at a place', () => {
  const marks = marksOfLog([
    line(1, 'Error: old\n    at main.js:9:11\n    at main.js:2:3', 'error'),
    line(2, 'Error: new\n    at main.js:9:11', 'error'),
    line(3, 'main.js:1:1 is only information'),
  ])
  expect(marks).toEqual([
    { file: 'main.js', line: 9, column: 11, severity: 'error', message: 'Error: new', source: 'run' },
  ])
})

test('counts follow the lines: opened, at the end, at the top, let go', () => {
  const opened = openedLog({ runId: 'a', lines: [line(100, '', 'error')], before: '100' })
  const older = prependLines(opened, { lines: [line(50, '', 'warn')], before: undefined })
  const newer = appendLines(older, { runId: 'a', lines: [line(150, '', 'debug')], dropped: 0 })
  expect(newer.counts).toEqual({ debug: 1, info: 0, warn: 1, error: 1 })
  const many = Array.from({ length: MAX_LINES - 1 }, (_, index) => line(200 + index))
  const full = appendLines(newer, { runId: 'a', lines: many, dropped: 0 })
  expect(full.counts).toEqual({ debug: 1, info: MAX_LINES - 1, warn: 0, error: 0 })
  expect(full.counts).toEqual(countLevels(full.lines))
  expect(appendLines(full, { runId: 'b', lines: [line(0)], dropped: 0 }).counts.info).toBe(1)
})

test('a line is found by its cursor; one that was let go gives the first that is there', () => {
  const lines = [line(9), line(80), line(100)]
  expect(['9', '80', '100'].map((cursor) => indexOfCursor(lines, cursor))).toEqual([0, 1, 2])
  expect(['0', '81', '101'].map((cursor) => indexOfCursor(lines, cursor))).toEqual([0, 2, 3])
})

test('matches of a log that grew are those of the whole log, and lines once read are not read again', () => {
  let reads = 0
  const watched = (cursor: number, text: string) => ({
    ...line(cursor),
    get text() {
      reads += 1
      return text
    },
  })
  const held = [watched(10, 'tea'), watched(20, 'milk'), watched(30, 'tea')]
  const first = matchesOf(noMatches, held, 'tea')
  reads = 0
  const grown = [line(5, 'old tea'), ...held, line(40, 'new tea'), line(50, 'water')]
  const second = matchesOf(first, grown, 'tea')
  expect([cursors(second), reads]).toEqual([['5', '10', '30', '40'], 0])
  // Cut at the top, as a full buffer is.
  const cut = matchesOf(second, [...grown.slice(3), line(60, 'tea')], 'tea')
  expect([cursors(cut), reads]).toEqual([['30', '40', '60'], 0])
  expect(cursors(matchesOf(cut, held, 'milk'))).toEqual(['20'])
  // Another log that happens to have the same cursors.
  expect(cursors(matchesOf(first, [line(10, 'no'), line(30, 'tea')], 'tea'))).toEqual(['30'])
  expect(cursors(matchesOf(first, [], 'tea'))).toEqual([])
})
