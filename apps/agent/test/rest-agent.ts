import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runAgent, startAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

export type Json = Record<string, unknown>

export interface RestAnswer {
  status: number
  headers: Headers
  body: Json & { error: Json }
}

interface RestOptions {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}

/** Two processes start, on a machine that may be busy with other tests. */
export const AGENT_START_MS = 120_000

/** An agent in a folder of its own, its panel, and what a program asks of it. */
export interface RestAgent extends AsyncDisposable {
  url: string
  /** Its folder. */
  home: string
  panel: PanelClient
  /** A new project; its id. */
  project(slug: string): Promise<string>
  /** A key of a project. */
  key(projectId: string, scopes: string[], models?: string[]): Promise<string>
  /** `path` begins below `/api/v1`; a body is sent as JSON, a form as a form. */
  rest(method: string, path: string, options?: RestOptions): Promise<RestAnswer>
}

export async function openRestAgent(): Promise<RestAgent> {
  const home = mkdtempSync(join(tmpdir(), 'm3m-rest-'))
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  const agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  const panel = await signIn(agent.url)
  return {
    url: agent.url,
    home,
    panel,
    project: async (slug) => String((await panel.mutate('projects.create', { name: slug, slug }))['id']),
    async key(projectId, scopes, models) {
      const input = { projectId, name: scopes.join(), scopes, ...(models && { models }) }
      return String((await panel.mutate('projects.apiKeys.create', input))['token'])
    },
    async rest(method, path, { token, body, headers = {} } = {}) {
      const isForm = body instanceof FormData
      const response = await fetch(`${agent.url}/api/v1${path}`, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const answer = (text.startsWith('{') ? JSON.parse(text) : { text }) as RestAnswer['body']
      return { status: response.status, headers: response.headers, body: answer }
    },
    async [Symbol.asyncDispose]() {
      await agent.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
