import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLogger } from '@m3m/base'
import { ROOT, openTestCore } from './testing/open-test-core.ts'
import type { TestCore } from './testing/open-test-core.ts'

let test: TestCore
let token: string
const logged: string[] = []

beforeAll(async () => {
  test = await openTestCore('api', { logger: createLogger((line) => logged.push(line)) })
  await test.root()
  token = (await test.caller(null).auth.login(ROOT)).accessToken
})
afterAll(() => test[Symbol.asyncDispose]())

interface Answer {
  error?: { message: string; data: { httpStatus: number; stack?: string; app: Record<string, unknown> } }
  result?: { data: unknown }
}

/** One call as it crosses the wire. */
async function call(
  path: string,
  input: unknown,
  bearer: string | null = token,
): Promise<Answer & { status: number }> {
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    router: test.core.router,
    req: new Request(`http://localhost/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }),
    createContext: () => test.core.createContext({ token: bearer, address: '192.0.2.1', userAgent: 'test' }),
  })
  return { status: response.status, ...((await response.json()) as Answer) }
}

it('names each field that was refused', async () => {
  const { status, error } = await call('projects.create', { name: '', slug: 'NO', color: 'mauve' })
  expect(status).toBe(400)
  expect(error?.data.app).toMatchObject({ code: 'API_INPUT', blame: 'user' })
  expect(Object.keys(error?.data.app['fields'] as object).sort()).toEqual(['color', 'name', 'slug'])
  expect(error?.data.app['fields']).toMatchObject({
    name: { code: 'INPUT_TOO_SMALL', message: 'Type a name.' },
  })
})

it('carries the code, the blame and the position of an error', async () => {
  const { result } = await call('projects.create', { name: 'Ops' })
  const { id: projectId } = result!.data as { id: string }
  await call('pipeline.saveFiles', { projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  const { bootError } = await import('./testing/fake-supervisor.ts')
  test.supervisor.plan({ bootError: bootError() })
  const { status, error } = await call('runs.start', { projectId, source: { branch: 'develop' } })
  expect(status).toBe(422)
  expect(error).toMatchObject({
    message: 'main.js: boom is not defined',
    data: {
      httpStatus: 422,
      app: { code: 'RUN_BOOT_FAILED', blame: 'user', position: { file: 'main.js', line: 3, column: 5 } },
    },
  })
})

it('answers 401 without a token, with a broken one and with one of an ended sign-in', async () => {
  for (const bearer of [null, '{"userId":"x","sessionId":"y","until":99999999999999}']) {
    const { status, error } = await call('projects.create', { name: 'x' }, bearer)
    expect([status, error?.data.app['code']]).toEqual([401, 'ACCESS_SIGN_IN'])
  }
})

it('tells nothing of a bug but a number that stands in the log', async () => {
  const { runs } = test.core.services
  const original = runs.states
  runs.states = () => Promise.reject(new Error('the secret of /srv/m3m'))
  try {
    const response = await fetchRequestHandler({
      endpoint: '/trpc',
      router: test.core.router,
      req: new Request('http://localhost/trpc/runs.states'),
      createContext: () => test.core.createContext({ token, address: '192.0.2.1', userAgent: 'test' }),
    })
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).not.toContain('secret')
    const { error } = JSON.parse(text) as Answer
    expect(error?.data).not.toHaveProperty('stack')
    expect(error?.data.app).toMatchObject({ code: 'INTERNAL_BUG', blame: 'bug' })
    const requestId = /request ([0-9a-f]{24})/.exec(error!.message)![1]!
    expect(logged.some((line) => line.includes(requestId) && line.includes('the secret'))).toBe(true)
  } finally {
    runs.states = original
  }
})

it('refuses an unknown procedure in the same shape', async () => {
  const { status, error } = await call('projects.explode', {})
  expect(status).toBe(404)
  expect(error?.data.app).toMatchObject({ code: 'API_NO_PROCEDURE', blame: 'user' })
  expect(error?.message).toContain('projects.explode')
})

it('says which agent this is to anybody', async () => {
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    router: test.core.router,
    req: new Request('http://localhost/trpc/agent.info'),
    createContext: () => test.core.createContext({ token: null, address: '192.0.2.1', userAgent: 'test' }),
  })
  expect(await response.json()).toEqual({
    result: {
      data: {
        version: '0.0.0',
        protocol: 1,
        node: 'v26',
        uptime: 0,
        life: expect.any(String),
        services: { uri: null, port: null },
      },
    },
  })
})
