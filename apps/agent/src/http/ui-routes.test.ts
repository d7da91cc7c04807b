import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { uiRoutes } from './ui-routes.ts'

let folder: string
let app: FastifyInstance
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-ui-'))
  app = fastify()
  await uiRoutes(app, join(folder, 'dist'))
})
afterEach(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const build = () => {
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'dist', 'index.html'), '<title>the panel</title>')
  writeFileSync(join(folder, 'dist', 'assets', 'app-1a2b.js'), 'x'.repeat(5000))
  writeFileSync(join(folder, 'dist', 'assets', 'app-1a2b.js.br'), brotliCompressSync('x'.repeat(5000)))
  writeFileSync(join(folder, 'secret'), 'not served')
}
const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })

describe('the panel', () => {
  it('says in plain words that it is not built, and is there as soon as it is', async () => {
    const before = await get('/')
    expect([before.statusCode, before.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8'])
    expect(before.body).toContain('npm run build')
    build()
    expect((await get('/')).body).toContain('the panel')
  })

  it('answers each path of its own router, and asks again each time', async () => {
    build()
    for (const path of ['/', '/projects/life/pipeline', '/login?next=%2F', '/rest', '/apis']) {
      const page = await get(path)
      expect([page.statusCode, page.headers['cache-control']], path).toEqual([200, 'no-cache'])
      expect(page.body).toContain('the panel')
    }
  })

  it('keeps hashed assets for ever, compressed when the browser takes it', async () => {
    build()
    const plain = await get('/assets/app-1a2b.js')
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(plain.headers['content-type']).toMatch(/javascript/)
    expect(plain.body).toHaveLength(5000)
    const small = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip, br' })
    expect(small.headers['content-encoding']).toBe('br')
    expect(small.headers['content-type']).toMatch(/javascript/)
    expect(small.rawPayload.length).toBeLessThan(100)
  })

  it('answers no page where a program or a script asked', async () => {
    build()
    for (const path of [
      '/assets/gone.js',
      '/trpc',
      '/files/x',
      '/api/v1/none',
      '/favicon.png',
      '/r/none/',
      '/bot-1/',
    ])
      expect((await get(path)).statusCode, path).toBe(404)
    expect((await app.inject({ url: '/projects', method: 'POST' })).statusCode).toBe(404)
  })

  it('stays in its folder', async () => {
    build()
    for (const path of [
      '/../secret',
      '/%2e%2e/secret',
      '/..%2fsecret',
      '/assets/../../secret',
      '/assets/%2e%2e%2f..%2fsecret',
    ])
      expect((await get(path)).body, path).not.toContain('not served')
  })
})
