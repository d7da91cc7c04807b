import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let ann: Caller
let annId: string
let projectId: string
beforeAll(async () => {
  test = await openTestCore('audit')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Tea (green)' })).id
  const operator = await test.operator('ann', { createProjects: true, manageUsers: true })
  ann = operator.caller
  annId = operator.id
  await ann.projects.create({ name: '=SUM(A1)' })
  await root.projects.update({ projectId, name: 'Tea' })
})
afterAll(() => test[Symbol.asyncDispose]())

const actions = async (query: object) => (await root.audit.list(query)).map(({ action }) => action)

describe('the audit log', () => {
  it('is narrowed by operator, action, project, time and words', async () => {
    expect(new Set((await root.audit.list({ userId: annId })).map(({ actor }) => actor?.id))).toEqual(
      new Set([annId]),
    )
    expect(await actions({ projectId })).toEqual(['projects.update', 'projects.create'])
    expect(new Set(await actions({ action: 'users.' }))).toEqual(
      new Set(['users.create', 'users.createRoot']),
    )
    expect(await actions({ text: 'tea (' })).toEqual(['projects.create'])
    expect(await actions({ text: '.*' })).toEqual([])
    expect(await actions({ to: '2020-01-01T00:00:00.000Z' })).toEqual([])
  })

  it('says what was and what is', async () => {
    const [entry] = await root.audit.list({ action: 'projects.update' })
    expect(entry).toMatchObject({
      address: '192.0.2.1',
      before: { name: 'Tea (green)' },
      after: { name: 'Tea' },
    })
  })

  it('is paged both ways, and nothing is left out or told twice', async () => {
    const all = (await root.audit.list({ limit: 500 })).map(({ id }) => id)
    const first = await root.audit.list({ limit: 2 })
    const second = await root.audit.list({ limit: 2, before: first.at(-1)!.id })
    expect([...first, ...second].map(({ id }) => id)).toEqual(all.slice(0, 4))
    const back = await root.audit.list({ limit: 2, after: second[0]!.id })
    expect(back.map(({ id }) => id)).toEqual(all.slice(0, 2))
    expect(await root.audit.list({ after: all[0]! })).toEqual([])
  })

  it('is written to a file whole, with no cell that a spreadsheet would run', async () => {
    const signedIn = (await test.core.createContext(contextOf(await tokenOf())).admit('manage-users', {}))
      .actor!
    const text = async (format: 'csv' | 'ndjson') => {
      let whole = ''
      for await (const piece of test.core.services.audit.export(signedIn, { format })) whole += piece
      return whole
    }
    const csv = await text('csv')
    expect(csv.split('\r\n')[0]).toBe(
      '"at","actor","actorId","address","action","projectId","target","before","after"',
    )
    expect(csv).toContain(`"'=SUM(A1)"`)
    const lines = (await text('ndjson')).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(
      (await root.audit.list({ limit: 500 })).map(({ id }) => id),
    )
  })

  it('has nothing that changes or removes an entry', () => {
    const procedures = Object.keys(test.core.router._def.procedures).filter((path) => /audit/i.test(path))
    expect(procedures.sort()).toEqual(['audit.list', 'projects.audit'])
    expect(Object.keys(test.core.services.audit).sort()).toEqual(['add', 'export', 'list', 'ofAction'])
  })
})

async function tokenOf(): Promise<string> {
  const { accessToken } = await test
    .caller(null)
    .auth.login({ email: 'root@example.com', password: 'correct horse' })
  return accessToken
}

const contextOf = (token: string) => ({ token, address: '192.0.2.1', userAgent: 'test' })
