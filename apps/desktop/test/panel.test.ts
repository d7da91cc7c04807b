import { afterEach, describe, expect, test, vi } from 'vitest'
import { createReachMonitor } from '../src/renderer/app/connection/reach.ts'
import {
  describeError,
  errorDetails,
  fieldErrorOf,
  isNetworkFailure,
} from '../src/renderer/app/errors/describe-error.ts'
import { dataSearch, logsSearch, pipelineSearch } from '../src/renderer/app/search.ts'
import { clientName } from '../src/renderer/features/profile/client-name.ts'
import { formatAgo, formatBytes, formatDuration } from '../src/renderer/i18n/format.ts'
import { matchesKeys } from '../src/renderer/ui/use-shortcut.ts'

describe('errors', () => {
  const fromTrpc = Object.assign(new Error('The slug "ops" is taken.'), {
    data: {
      code: 'CONFLICT',
      httpStatus: 409,
      app: {
        code: 'PROJECT_SLUG_TAKEN',
        blame: 'user',
        fields: { slug: { code: 'TAKEN', message: 'taken' } },
      },
    },
  })

  test('of the agent keep their code, status and fields', () => {
    expect(describeError(fromTrpc)).toMatchObject({
      code: 'PROJECT_SLUG_TAKEN',
      blame: 'user',
      status: 409,
      message: 'The slug "ops" is taken.',
    })
    expect(fieldErrorOf(fromTrpc, 'slug')).toBe('taken')
    expect(fieldErrorOf(fromTrpc, 'name')).toBeUndefined()
  })

  test('of the network are told from those of the page', () => {
    const network = Object.assign(new Error('Failed to fetch'), { cause: new TypeError('Failed to fetch') })
    expect([isNetworkFailure(network), describeError(network).code]).toEqual([true, 'AGENT_UNREACHABLE'])
    expect([isNetworkFailure(fromTrpc), isNetworkFailure(new TypeError('x is not a function'))]).toEqual([
      false,
      false,
    ])
    expect(describeError(new TypeError('x is not a function')).code).toBe('PAGE_BUG')
    expect(describeError(null).message).toBe('null')
  })

  test('have details that can be sent to somebody', () => {
    expect(errorDetails(fromTrpc, '/projects')).toBe(
      'PROJECT_SLUG_TAKEN (409, user)\nThe slug "ops" is taken.\nat /projects\nslug: TAKEN taken',
    )
  })
})

describe('the reach of the agent', () => {
  afterEach(() => vi.useRealTimers())

  test('is lost after a while only, and found again by asking', async () => {
    vi.useFakeTimers()
    let isUp = false
    const monitor = createReachMonitor(async () => {
      if (!isUp) throw new Error('down')
    })
    const seen: string[] = []
    monitor.subscribe(() => seen.push(monitor.current()))
    monitor.lost()
    monitor.lost()
    expect(monitor.current()).toBe('waking')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(monitor.current()).toBe('offline')
    isUp = true
    await vi.advanceTimersByTimeAsync(2_000)
    expect(seen).toEqual(['waking', 'offline', 'online'])
  })

  test('a blink shows nothing', async () => {
    vi.useFakeTimers()
    const monitor = createReachMonitor(() => Promise.reject(new Error('down')))
    monitor.lost()
    monitor.heard()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(monitor.current()).toBe('online')
  })
})

describe('addresses', () => {
  test('drop what makes no sense', () => {
    expect(pipelineSearch({ tab: 'x', branch: 'develop', file: 'main.js', line: 3, column: -1 })).toEqual({
      branch: 'develop',
      file: 'main.js',
      line: 3,
    })
    expect(logsSearch({ level: 'loud', q: '', run: 'abc' })).toEqual({ run: 'abc' })
    expect(dataSearch({ page: 2.5, filter: 'x > 1', sort: ['a'] })).toEqual({ filter: 'x > 1' })
  })

  test('keep a text that looks like a number', () => {
    expect(logsSearch({ q: 404 })).toEqual({ q: '404' })
  })
})

describe('shortcuts', () => {
  const keys = (change: object) => ({
    key: '',
    code: '',
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...change,
  })

  test('work on a Cyrillic layout by the place of the key', () => {
    expect(matchesKeys(keys({ key: 'ы', code: 'KeyS', ctrlKey: true }), 'Mod+S')).toBe(true)
  })

  test('are exact about Ctrl, Shift and Alt', () => {
    expect(matchesKeys(keys({ key: 's', code: 'KeyS' }), 'Mod+S')).toBe(false)
    expect(matchesKeys(keys({ key: 'S', code: 'KeyS', ctrlKey: true, shiftKey: true }), 'Mod+S')).toBe(false)
    expect(matchesKeys(keys({ key: 's', code: 'KeyS', ctrlKey: true, altKey: true }), 'Mod+S')).toBe(false)
    expect(matchesKeys(keys({ key: '?', code: 'Slash', shiftKey: true }), '?')).toBe(true)
    expect(matchesKeys(keys({ key: 'Enter', code: 'Enter', metaKey: true }), 'Mod+Enter')).toBe(true)
    expect(matchesKeys(keys({ key: '.', code: 'Period', ctrlKey: true }), 'Mod+.')).toBe(true)
  })
})

describe('numbers and times', () => {
  const now = Date.parse('2026-11-22T20:00:00.000Z')

  test('are told in words of the language', () => {
    expect(formatAgo(now - 3 * 60_000, now, 'en')).toBe('3 minutes ago')
    expect(formatAgo(now - 2_000, now, 'en')).toBe('now')
    expect(formatAgo(now + 7_200_000, now, 'ru')).toBe('через 2 часа')
    expect(formatAgo(now - 400 * 86_400_000, now, 'en')).toBe('last year')
  })

  test('keep two digits that matter', () => {
    expect([formatBytes(0, 'en'), formatBytes(26, 'en'), formatBytes(3_400_000, 'en')]).toEqual([
      '0 bytes',
      '26 bytes',
      '3.4 MB',
    ])
    const durations = [0, 45_000, 3_600_000, 90_061_000]
    expect(durations.map((ms) => formatDuration(ms, 'en'))).toEqual(['0s', '45s', '1h', '1d 1h'])
    expect(durations.map((ms) => formatDuration(ms, 'ru'))).toEqual(['0 с', '45 с', '1 ч', '1 д 1 ч'])
  })
})

test('a session is told by its browser and system', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
  expect([clientName(chrome), clientName('curl/8.0')]).toEqual(['Chrome, Linux', ''])
})
