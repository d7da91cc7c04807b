import { expect, test } from 'vitest'
import { MAX_SHARED_RUNS, place, rssCapBytes, type RunnerRoom } from './place.ts'

const release = { isolation: 'shared' as const, source: { release: '1.0' }, nativePlugins: false }
const room = (about: Partial<RunnerRoom> = {}): RunnerRoom => ({
  shared: true,
  leaving: false,
  size: 1,
  rssBytes: 100e6,
  ...about,
})

test('a release shares a runner, and begins one where there is none', () => {
  const only = room()
  expect(place(release, [only])).toBe(only)
  expect(place(release, [])).toBe('shared')
})

test('debug runs, native plugins and the policy process have a runner of their own', () => {
  const rooms = [room()]
  expect(place({ ...release, source: { branch: 'develop' } }, rooms)).toBe('own')
  expect(place({ ...release, nativePlugins: true }, rooms)).toBe('own')
  expect(place({ ...release, isolation: 'process' }, rooms)).toBe('own')
})

test("nobody is put into another run's own runner, nor into one that is leaving, full or heavy", () => {
  const rooms = [
    room({ shared: false }),
    room({ leaving: true }),
    room({ size: MAX_SHARED_RUNS }),
    room({ rssBytes: 2e9 }),
  ]
  expect(place(release, rooms)).toBe('shared')
})

test('the fullest runner with room is taken', () => {
  const fullest = room({ size: MAX_SHARED_RUNS - 1 })
  expect(place(release, [room(), fullest, room({ size: 3 })])).toBe(fullest)
})

test('the memory cap of a runner grows with its runs, up to half the machine', () => {
  const MB = 1048576
  expect(rssCapBytes([128], 8192 * MB)).toBe((256 + 132) * MB)
  expect(rssCapBytes([128, 64], 8192 * MB)).toBe((256 + 132 + 68) * MB)
  expect(
    rssCapBytes(
      Array.from({ length: 60 }, () => 128),
      8192 * MB,
    ),
  ).toBe((256 + 4096) * MB)
  expect(rssCapBytes([4096], 4096 * MB)).toBe((256 + 4096) * MB)
})
