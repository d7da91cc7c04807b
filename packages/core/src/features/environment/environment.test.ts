import { expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'

it('keeps who changed which variables, and never a value', async () => {
  await using test = await openTestCore('environment')
  const root = await test.root()
  const { id: projectId } = await root.projects.create({ name: 'Shop' })
  const { caller: ann } = await test.operator('ann', { projects: [{ projectId, role: 'developer' }] })
  const limit = (value: unknown) => ({ key: 'LIMIT', type: 'integer' as const, value: value as number })
  const plain = { key: 'URL', type: 'string' as const, value: 'hidden-value' }
  await root.env.save({ projectId, variables: [limit(5), plain] })
  await ann.env.save({ projectId, variables: [{ ...plain }, limit('5')] })
  await ann.env.save({ projectId, variables: [limit(6), { key: 'NEW', type: 'boolean', value: true }] })
  const history = await ann.env.history({ projectId })
  expect(history).toMatchObject([
    { by: 'ann', added: ['NEW'], removed: ['URL'], changed: ['LIMIT'] },
    { by: 'ann', added: [], removed: [], changed: [] },
    { by: 'root', added: ['LIMIT', 'URL'], removed: [], changed: [] },
  ])
  expect(JSON.stringify(await root.audit.list({}))).not.toContain('hidden-value')
  expect(await ann.env.history({ projectId, before: history[1]!.id })).toHaveLength(1)
})
