import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'
import { CODE_CAPS } from './pipeline.schema.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeAll(async () => {
  test = await openTestCore('pipeline')
  root = await test.root()
})
afterAll(() => test[Symbol.asyncDispose]())
beforeEach(async () => {
  projectId = (await root.projects.create({ name: 'Ops' })).id
})

const file = (path: string, code = '') => ({ path, code })
const save = (code: string, revision?: number) =>
  root.pipeline.saveFiles({
    projectId,
    branch: 'develop',
    files: [file('main.js', code)],
    ...(revision !== undefined && { revision }),
  })
const release = (bump: 'minor' | 'major' = 'minor', tag: 'stable' | 'not-fix' = 'stable') =>
  root.pipeline.createRelease({ projectId, branch: 'develop', bump, tag })

describe('a branch', () => {
  it('develop appears at the first save, whose template runs as it is', async () => {
    expect(await root.pipeline.branches({ projectId })).toEqual([])
    const { files } = await root.pipeline.template()
    const saved = await root.pipeline.saveFiles({ projectId, branch: 'develop', files, revision: 0 })
    expect(saved).toEqual({ branch: 'develop', revision: 1, problems: [] })
    expect(await root.pipeline.branch({ projectId, name: 'develop' })).toMatchObject({ files, revision: 1 })
  })

  it('is not made by a save under another name', async () => {
    const attempt = root.pipeline.saveFiles({ projectId, branch: 'feature', files: [file('main.js')] })
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is made of a branch or a release', async () => {
    await save('// 1')
    await release()
    await save('// 2')
    await root.pipeline.createBranch({ projectId, name: 'fix', from: { release: '1.0' } })
    await root.pipeline.createBranch({ projectId, name: 'next', from: { branch: 'develop' } })
    const codeOf = async (name: string) => (await root.pipeline.branch({ projectId, name })).files[0]?.code
    expect([await codeOf('fix'), await codeOf('next')]).toEqual(['// 1', '// 2'])
    const again = root.pipeline.createBranch({ projectId, name: 'fix', from: { release: '1.0' } })
    await expect(again).rejects.toMatchObject({ cause: { code: 'PIPELINE_BRANCH_EXISTS' } })
  })

  it('replaces its whole set of files', async () => {
    await root.pipeline.saveFiles({
      projectId,
      branch: 'develop',
      files: [file('main.js'), file('lib/a.js')],
    })
    await save('// only')
    const { files } = await root.pipeline.branch({ projectId, name: 'develop' })
    expect(files).toEqual([file('main.js', '// only')])
  })

  it('refuses a save on an older revision and takes one without', async () => {
    await save('// 1')
    await save('// 2', 1)
    await expect(save('// mine', 1)).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { code: 'PIPELINE_REVISION_STALE' },
    })
    expect(await save('// over')).toMatchObject({ revision: 3 })
  })

  it('lets one of two savers of one revision win', async () => {
    await save('// 0')
    const results = await Promise.allSettled([save('// a', 1), save('// b', 1)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('lets one of two first savers win', async () => {
    const results = await Promise.allSettled([save('// a', 0), save('// b', 0)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is saved although it does not compile, with the marks for the editor', async () => {
    const { problems, revision } = await save('ok\n  %%')
    expect(revision).toBe(1)
    expect(problems).toEqual([
      { file: 'main.js', line: 2, column: 3, severity: 'error', message: 'unexpected %%' },
    ])
    expect(await root.pipeline.check({ projectId, source: { branch: 'develop' } })).toEqual({ problems })
  })

  it('is reset to a release or a branch as a new revision', async () => {
    await save('// 1')
    await release()
    await save('// 2')
    expect(
      await root.pipeline.resetBranch({ projectId, branch: 'develop', to: { release: '1.0' } }),
    ).toMatchObject({
      revision: 3,
    })
    const { files } = await root.pipeline.branch({ projectId, name: 'develop' })
    expect(files[0]?.code).toBe('// 1')
  })

  it('is removed, but not while a debug run of it is on', async () => {
    await save('//')
    await root.runs.start({ projectId, source: { branch: 'develop' } })
    expect((await root.pipeline.branches({ projectId }))[0]).toMatchObject({ running: true })
    const attempt = () => root.pipeline.removeBranch({ projectId, branch: 'develop' })
    await expect(attempt()).rejects.toMatchObject({ cause: { code: 'PIPELINE_BRANCH_RUNNING' } })
    await root.runs.stop({ projectId })
    await attempt()
    expect(await root.pipeline.branches({ projectId })).toEqual([])
  })

  it.each([
    '../x.js',
    '/etc/passwd',
    'a//b.js',
    'a/../b.js',
    './a.js',
    'a\\b.js',
    'a\0.js',
    'a/',
    '',
    'trailing.',
    'spaced ',
    'é.js',
    `${'a/'.repeat(11)}b.js`,
  ])('refuses %j as a path', async (path) => {
    const attempt = root.pipeline.saveFiles({
      projectId,
      branch: 'develop',
      files: [file('main.js'), file(path)],
    })
    await expect(attempt).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('refuses two files that are one on some disks, and a file that is a folder', async () => {
    for (const twin of ['MAIN.js', 'main.js/x.js', 'main.js']) {
      const attempt = root.pipeline.saveFiles({
        projectId,
        branch: 'develop',
        files: [file('main.js'), file(twin)],
      })
      await expect(attempt).rejects.toMatchObject({ cause: { code: 'PIPELINE_FILES' } })
    }
  })

  it('refuses more than fits', async () => {
    const big = 'x'.repeat(CODE_CAPS.fileChars)
    const files = [file('main.js'), ...[1, 2, 3, 4].map((n) => file(`${n}.js`, big)), file('5.js', 'x')]
    const attempt = root.pipeline.saveFiles({ projectId, branch: 'develop', files })
    await expect(attempt).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })
})

describe('a release', () => {
  it('is 1.0 first, then bumped, and keeps its branch, tag and comment', async () => {
    await save('// 1')
    expect(await release('major')).toEqual({ version: '1.0' })
    expect(await release()).toEqual({ version: '1.1' })
    expect(await release('major')).toEqual({ version: '2.0' })
    expect(await release('minor', 'not-fix')).toEqual({ version: '2.1' })
    const releases = await root.pipeline.releases({ projectId })
    expect(releases.map(({ version, tag }) => [version, tag])).toEqual([
      ['2.1', 'hot-fix'],
      ['2.0', 'stable'],
      ['1.1', 'stable'],
      ['1.0', 'stable'],
    ])
    expect(releases[0]).toMatchObject({
      branch: 'develop',
      createdBy: { name: 'root' },
      running: false,
      fileCount: 1,
    })
  })

  it('does not change when its branch does', async () => {
    await save('// 1')
    await release()
    await save('// 2')
    expect((await root.pipeline.release({ projectId, version: '1.0' })).files[0]?.code).toBe('// 1')
  })

  it('gets a number that was never given, also at one moment and after a removal', async () => {
    await save('//')
    const made = await Promise.all([1, 2, 3].map(() => release()))
    expect(made.map(({ version }) => version).sort()).toEqual(['1.0', '1.1', '1.2'])
    await root.pipeline.removeRelease({ projectId, version: '1.2' })
    expect(await release()).toEqual({ version: '1.3' })
  })

  it('needs an entry file', async () => {
    await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [file('lib.js')] })
    await expect(release()).rejects.toMatchObject({ cause: { code: 'PIPELINE_NO_ENTRY' } })
  })

  it('is removed, but not while it runs or should run', async () => {
    await save('//')
    await release()
    await root.runs.start({ projectId, source: { release: '1.0' } })
    await root.runs.start({ projectId, source: { branch: 'develop' } })
    const attempt = () => root.pipeline.removeRelease({ projectId, version: '1.0' })
    await expect(attempt()).rejects.toMatchObject({ cause: { code: 'PIPELINE_RELEASE_RUNNING' } })
    await root.runs.stop({ projectId })
    await expect(attempt()).rejects.toMatchObject({ cause: { code: 'PIPELINE_RELEASE_RUNNING' } })
    await root.runs.stop({ projectId })
    await attempt()
    expect(await root.runs.state({ projectId })).toMatchObject({
      desired: { source: null },
      observed: { source: null },
      activeRelease: null,
    })
  })

  it('is never removed under a start of it', async () => {
    await save('//')
    await release()
    const [started, removed] = await Promise.allSettled([
      root.runs.start({ projectId, source: { release: '1.0' } }),
      root.pipeline.removeRelease({ projectId, version: '1.0' }),
    ])
    const left = await root.pipeline.releases({ projectId })
    const { observed } = await root.runs.state({ projectId })
    expect(started.status).not.toBe(removed.status)
    expect(observed.state === 'running').toBe(left.length === 1)
  })

  it('is cleared with the old ones, but for those kept and the running one', async () => {
    await save('//')
    for (let n = 0; n < 5; n++) await release()
    await root.runs.start({ projectId, source: { release: '1.1' } })
    expect(await root.pipeline.clearReleases({ projectId, keep: 2 })).toEqual({ removed: ['1.2', '1.0'] })
    const left = await root.pipeline.releases({ projectId })
    expect(left.map(({ version }) => version)).toEqual(['1.4', '1.3', '1.1'])
  })
})

describe('the newest releases', () => {
  it('are those of the projects one may see, newest first, and say which are ours', async () => {
    await save('// 1')
    await release()
    test.clock.advance(1)
    await release()
    const { caller } = await test.operator('vera')
    expect(await caller.pipeline.recentReleases()).toEqual([])
    await root.projects.members.add({ projectId, email: 'vera@example.com', role: 'viewer' })
    const seen = await caller.pipeline.recentReleases()
    expect(seen.map(({ version, own }) => [version, own])).toEqual([
      ['1.1', false],
      ['1.0', false],
    ])
    expect(seen[0]).toMatchObject({ projectId, tag: 'stable' })
    expect((await root.pipeline.recentReleases())[0]).toMatchObject({ version: '1.1', own: true })
  })
})

describe('two versions', () => {
  it('are compared file by file', async () => {
    await root.pipeline.saveFiles({
      projectId,
      branch: 'develop',
      files: [file('main.js', 'a'), file('old.js', 'x')],
    })
    await release()
    await root.pipeline.saveFiles({
      projectId,
      branch: 'develop',
      files: [file('main.js', 'b'), file('new.js', 'y')],
    })
    const { files } = await root.pipeline.diff({ projectId, a: { release: '1.0' }, b: { branch: 'develop' } })
    expect(files).toEqual([
      { path: 'main.js', status: 'changed', a: 'a', b: 'b' },
      { path: 'new.js', status: 'added', a: null, b: 'y' },
      { path: 'old.js', status: 'removed', a: 'x', b: null },
    ])
  })

  it('are searched whatever the case', async () => {
    await save('one\n  const Price = 1\n')
    const source = { branch: 'develop' }
    expect(await root.pipeline.search({ projectId, source, text: 'price' })).toEqual({
      hits: [{ file: 'main.js', line: 2, column: 9, text: '  const Price = 1' }],
    })
  })
})
