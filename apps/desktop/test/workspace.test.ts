import { describe, expect, test } from 'vitest'
import { noticeOf, readDraft, removeDraft, writeDraft } from '../src/renderer/features/pipeline/drafts.ts'
import { diffFiles } from '../src/renderer/features/pipeline/diff-files.ts'
import { treeRows } from '../src/renderer/features/pipeline/file-tree.ts'
import { pickBranch } from '../src/renderer/features/pipeline/pick-branch.ts'
import { compareVersions, nextVersion } from '../src/renderer/features/pipeline/versions.ts'
import {
  addFile,
  entryOf,
  isDirty,
  markSaved,
  nameProblem,
  openWorkspace,
  removePath,
  renamePath,
  setCode,
  sourceFiles,
  withDraft,
} from '../src/renderer/features/pipeline/workspace.ts'

const open = () =>
  openWorkspace('develop', 3, [
    { path: 'main.js', code: 'main' },
    { path: 'lib/price.js', code: 'price' },
  ])
const pathsOf = (workspace: ReturnType<typeof open>) => workspace.files.map(({ path }) => path)

describe('a workspace', () => {
  test('is clean when it was opened, dirty when something was typed, clean again when that was taken back', () => {
    expect(isDirty(open())).toBe(false)
    const typed = setCode(open(), 'main.js', 'main!')
    expect(isDirty(typed)).toBe(true)
    expect(isDirty(setCode(typed, 'main.js', 'main'))).toBe(false)
  })

  test('of a branch that was never saved is dirty: its template has to be saved', () => {
    expect(isDirty(openWorkspace('develop', null, [{ path: 'main.js', code: '' }]))).toBe(true)
  })

  test('keeps what was typed while a save was under way', () => {
    const typed = setCode(open(), 'main.js', 'sent')
    const sent = sourceFiles(typed)
    const saved = markSaved(setCode(typed, 'main.js', 'typed later'), sent, 4)
    expect(saved.revision).toBe(4)
    expect(isDirty(saved)).toBe(true)
    expect(isDirty(setCode(saved, 'main.js', 'sent'))).toBe(false)
  })

  test('is dirty after a file was removed, and clean when it is back as it was', () => {
    const removed = removePath(open(), 'lib')
    expect(pathsOf(removed)).toEqual(['main.js'])
    expect(isDirty(removed)).toBe(true)
    const saved = markSaved(removed, sourceFiles(removed), 4)
    expect(isDirty(saved)).toBe(false)
  })

  test('renames a folder with all that is in it', () => {
    const renamed = renamePath(open(), 'lib', 'shop/lib')
    expect(pathsOf(renamed)).toEqual(['main.js', 'shop/lib/price.js'])
    expect(renamed.removed).toEqual(['lib/price.js'])
    expect(renamed.files[1]!.code).toBe('price')
  })

  test('puts a draft over what the agent has: changed, new and removed files are told apart', () => {
    const restored = withDraft(open(), [
      { path: 'main.js', code: 'mine' },
      { path: 'new.js', code: '' },
    ])
    expect(restored.removed).toEqual(['lib/price.js'])
    expect(restored.files.find(({ path }) => path === 'new.js')!.saved).toBeNull()
    expect(isDirty(restored)).toBe(true)
  })

  test('begins with the entry file', () => {
    expect(entryOf(open())).toBe('main.js')
    expect(entryOf(openWorkspace('b', 1, [{ path: 'a.js', code: '' }]))).toBe('a.js')
  })

  test.each([
    ['', 'empty'],
    ['../secret.js', 'shape'],
    ['/abs.js', 'shape'],
    ['a//b.js', 'shape'],
    ['трактор.js', 'shape'],
    ['name.', 'shape'],
    ['main.js', 'taken'],
    ['lib', 'taken'],
    ['main.js/inner.js', 'taken'],
    ['lib/tax.ts', null],
    ['data.json', null],
  ])('says of the name %j: %s', (path, problem) => {
    expect(nameProblem(open(), path)).toBe(problem)
  })

  test('adds a file in its place', () => {
    expect(pathsOf(addFile(open(), 'a.js'))).toEqual(['a.js', 'lib/price.js', 'main.js'])
  })
})

describe('a draft', () => {
  const memory = () => {
    const items = new Map<string, string>()
    return {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    }
  }
  const draft = { revision: 3, files: [{ path: 'main.js', code: 'mine' }], at: '2026-11-22T20:00:00.000Z' }

  test('comes back for its own project and branch only', () => {
    const store = memory()
    expect(writeDraft(store, 'p', 'develop', draft)).toBe(true)
    expect(readDraft(store, 'p', 'develop')).toEqual(draft)
    expect(readDraft(store, 'p', 'other')).toBeNull()
    expect(readDraft(store, 'q', 'develop')).toBeNull()
    removeDraft(store, 'p', 'develop')
    expect(readDraft(store, 'p', 'develop')).toBeNull()
  })

  test('that cannot be kept is told, one that cannot be read is none', () => {
    const full = {
      ...memory(),
      setItem: () => {
        throw new Error('full')
      },
    }
    expect(writeDraft(full, 'p', 'b', draft)).toBe(false)
    const store = memory()
    store.setItem('m3m.draft.p.b', '{broken')
    expect(readDraft(store, 'p', 'b')).toBeNull()
  })

  test('is told of when it says something else than the agent, whatever its revision', () => {
    const same = sourceFiles(open())
    expect(noticeOf(null, open())).toBeNull()
    expect(noticeOf({ ...draft, files: same }, open())).toBeNull()
    // The page was left between a save and its answer.
    expect(noticeOf({ ...draft, revision: 2, files: same }, open())).toBeNull()
    expect(noticeOf(draft, open())).toEqual({ kind: 'restored', at: draft.at })
    const old = { ...draft, revision: 2 }
    expect(noticeOf(old, open())).toEqual({ kind: 'outdated', draft: old })
  })
})

test('the tree has folders first, and leaves out what is in a folded one', () => {
  const paths = ['main.js', 'lib/b.js', 'lib/deep/c.js', 'a.js']
  const shape = (folded: string[]) =>
    treeRows(paths, new Set(folded)).map(({ path, depth }) => `${depth}:${path}`)
  expect(shape([])).toEqual(['0:lib', '1:lib/deep', '2:lib/deep/c.js', '1:lib/b.js', '0:a.js', '0:main.js'])
  expect(shape(['lib'])).toEqual(['0:lib', '0:a.js', '0:main.js'])
})

test('versions count on from the newest, and 10 comes after 9', () => {
  expect(nextVersion([], 'minor')).toBe('1.0')
  expect(nextVersion([], 'major')).toBe('1.0')
  expect(nextVersion(['1.9', '1.10', '1.2'], 'minor')).toBe('1.11')
  expect(nextVersion(['1.9', '2.3'], 'major')).toBe('3.0')
  expect(['1.9', '1.10', '2.0'].sort(compareVersions)).toEqual(['2.0', '1.10', '1.9'])
})

test('the branch is the one asked for, else develop, else the latest', () => {
  const branches = [
    { name: 'old', updatedAt: '2026-01-01T00:00:00.000Z' },
    { name: 'new', updatedAt: '2026-02-01T00:00:00.000Z' },
  ]
  expect(pickBranch(branches, 'old')).toBe('old')
  expect(pickBranch(branches, 'gone')).toBe('new')
  expect(
    pickBranch([...branches, { name: 'develop', updatedAt: '2025-01-01T00:00:00.000Z' }], undefined),
  ).toBe('develop')
  expect(pickBranch([], 'develop')).toBeNull()
})

test('a comparison has what differs only', () => {
  const a = [
    { path: 'same.js', code: '1' },
    { path: 'gone.js', code: '1' },
    { path: 'main.js', code: '1' },
  ]
  const b = [
    { path: 'same.js', code: '1' },
    { path: 'main.js', code: '2' },
    { path: 'new.js', code: '' },
  ]
  expect(diffFiles(a, b).map(({ path, status }) => `${status} ${path}`)).toEqual([
    'removed gone.js',
    'changed main.js',
    'added new.js',
  ])
})
