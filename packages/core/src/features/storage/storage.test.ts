import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string
beforeAll(async () => {
  test = await openTestCore('storage')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Files' })).id
})
afterAll(() => test[Symbol.asyncDispose]())

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { cause?: { code?: string } }) => error.cause?.code,
  )
const write = (path: string, content: string, etag?: string | null) =>
  root.storage.writeText({ projectId, path, content, ...(etag !== undefined && { etag }) })

it('of two editors that save at once, one is told', async () => {
  const { etag } = await write('notes.txt', 'one', null)
  expect(await root.storage.readText({ projectId, path: 'notes.txt' })).toEqual({ content: 'one', etag })
  const both = await Promise.all([
    code(write('notes.txt', 'two', etag)),
    code(write('notes.txt', 'six', etag)),
  ])
  expect(both.sort()).toEqual(['STORAGE_CHANGED', 'done'])
  expect(await code(write('notes.txt', 'new', null))).toBe('STORAGE_EXISTS')
  expect(await code(write('gone.txt', 'x', etag))).toBe('STORAGE_CHANGED')
})

it('makes, renames, moves, copies and removes, and writes it all down', async () => {
  await root.storage.mkdir({ projectId, path: 'a/b' })
  await write('a/b/one.txt', 'one')
  await root.storage.rename({ projectId, path: 'a/b/one.txt', name: 'two.txt' })
  await root.storage.copy({ projectId, path: 'a/b', to: 'copy' })
  await root.storage.move({ projectId, path: 'a/b/two.txt', to: 'a/three.txt' })
  const names = async (path: string) =>
    (await root.storage.list({ projectId, path })).entries.map(({ name }) => name)
  expect([await names('a'), await names('copy')]).toEqual([['b', 'three.txt'], ['two.txt']])
  expect(await code(root.storage.remove({ projectId, paths: ['copy', ''] }))).toBe('STORAGE_PATH')
  expect(await names('copy')).toEqual(['two.txt'])
  await root.storage.remove({ projectId, paths: ['a', 'copy'] })
  expect(await names('')).toEqual(['notes.txt'])
  const actions = (await root.projects.audit({ projectId })).map(({ action }) => action)
  for (const action of ['mkdir', 'move', 'copy', 'remove', 'writeText'])
    expect(actions).toContain(`storage.${action}`)
})

it('a link ends when it is revoked, past its time, or with the project', async () => {
  await write('shared.txt', 'x')
  const { url, link } = await root.storage.link({ projectId, path: 'shared.txt', expiresInMs: 60_000 })
  const token = url.split('/')[3]!
  const open = () =>
    code(test.core.services.storage.links.open(token).catch((cause) => Promise.reject({ cause })))
  expect(await open()).toBe('done')
  expect(JSON.stringify(await root.storage.links.list({ projectId }))).not.toContain(token)
  test.clock.advance(60_000)
  expect(await open()).toBe('STORAGE_LINK_ENDED')
  expect(await root.storage.links.list({ projectId })).toMatchObject([{ id: link.id, expired: true }])
  await root.storage.links.revoke({ projectId, linkId: link.id })
  expect(await code(root.storage.links.revoke({ projectId, linkId: link.id }))).toBe('STORAGE_NO_LINK')
})

it('finds, measures and orders archives, whose names stay apart', async () => {
  const { id } = await root.projects.create({ name: 'Archive' })
  const put = (path: string) => root.storage.writeText({ projectId: id, path, content: '12345' })
  for (const path of ['a/x/one.txt', 'a/y/one.txt', 'a/y/Two.md', 'b.json']) await put(path)
  const found = async (query: string, path = '') =>
    (await root.storage.search({ projectId: id, path, query })).entries.map((entry) => entry.path)
  expect(await found('two')).toEqual(['a/y/Two.md'])
  expect(await found('*.TXT', 'a')).toEqual(['a/x/one.txt', 'a/y/one.txt'])
  expect(await root.storage.measure({ projectId: id, paths: ['a', 'b.json', 'gone'] })).toEqual({
    files: 4,
    folders: 3,
    sizeBytes: 20,
    isCut: false,
  })
  expect(await root.storage.stat({ projectId: id, path: 'b.json' })).toMatchObject({
    mimeType: 'application/json',
  })
  const order = async (paths: string[]) => {
    const { url } = await root.storage.archive({ projectId: id, paths })
    const orderId = url.split('?')[0]!.split('/').at(-1)!
    return { orderId, ...test.core.services.storage.archiveOrder(id, orderId)! }
  }
  const two = await order(['a/x/one.txt', 'a/y/one.txt'])
  expect(two.entries.map(({ name }) => name)).toEqual(['x/one.txt', 'y/one.txt'])
  expect(two.fileName).toBe('a.zip')
  expect((await order(['a'])).fileName).toBe('a.zip')
  expect((await order(['a', 'b.json'])).fileName).toBe('storage.zip')
  expect(test.core.services.storage.archiveOrder(projectId, two.orderId)).toBeNull()
  test.clock.advance(6 * 60_000)
  expect(test.core.services.storage.archiveOrder(id, two.orderId)).toBeNull()
  expect(await code(root.storage.archive({ projectId: id, paths: ['../x'] }))).toBe('STORAGE_PATH')
  expect(await code(root.storage.search({ projectId: id, path: '..', query: 'x' }))).toBe('STORAGE_PATH')
})
