import type { ProjectData } from '@m3m/data'
import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

function dataOf(values: Record<string, unknown>): { data: ProjectData; read: () => number } {
  let reads = 0
  const environment = {
    read: async () => {
      reads++
      return { revision: 1, values }
    },
  }
  return { data: { environment } as unknown as ProjectData, read: () => reads }
}

const values = { NAME: 'm3m', LIMIT: 42, RATE: 1.5, OPEN: 'Yes', TEAM: ['Ann', 'Bob'] }
describeRoom('env', { prepare: async () => ({ data: dataOf(values).data }) })

test('a change reaches the running service, and what it does to a value stays its own', async () => {
  const values: Record<string, unknown> = { LIST: { a: [1] } }
  const { data } = dataOf(values)
  await using service = await openTestService({
    data,
    code: `router.get('/x', () => { const list = env.get('LIST'); list.a.push(2); return { list: $env.get('LIST'), limit: env.get('LIMIT') } })`,
  })
  expect((await service.get('/x')).json).toEqual({ list: { a: [1] }, limit: null })
  values['LIMIT'] = 7
  await service.run.invalidate('env')
  expect((await service.get('/x')).json).toEqual({ list: { a: [1] }, limit: 7 })
})

test('a service that never names env does not read the variables', async () => {
  const { data, read } = dataOf({ A: 1 })
  await using service = await openTestService({ data, code: `router.get('/environment', () => 'x')` })
  expect((await service.get('/environment')).body).toBe('x')
  expect(read()).toBe(0)
})
