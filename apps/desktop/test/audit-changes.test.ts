import { expect, test } from 'vitest'
import { changesOf } from '../src/renderer/features/audit/changes.ts'

test('only what differs is shown, by its path', () => {
  const before = { name: 'Tea', settings: { autoStart: true, limits: { memoryMb: 64 } } }
  const after = { name: 'Tea', settings: { autoStart: false, limits: {} }, tags: ['a'] }
  expect(changesOf(before, after)).toEqual([
    { path: 'settings.autoStart', before: 'true', after: 'false' },
    { path: 'settings.limits.memoryMb', before: '64', after: '' },
    { path: 'tags', before: '', after: '["a"]' },
  ])
})

test('what was made had nothing before, what is gone has nothing after', () => {
  expect(changesOf(null, { slug: 'tea' })).toEqual([{ path: 'slug', before: '', after: 'tea' }])
  expect(changesOf({ slug: 'tea' }, null)).toEqual([{ path: 'slug', before: 'tea', after: '' }])
  expect(changesOf(null, null)).toEqual([])
})
